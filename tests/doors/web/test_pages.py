"""The page's own files: listed, looked up, never made of an address; and the plots' script."""

from __future__ import annotations

import os
import re
import zlib
from pathlib import Path
from typing import Any

import pytest

from cosmodrome.web.pages import PAGE, Shelf, plotly_path


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    page = tmp_path / "page"
    (page / "assets").mkdir(parents=True)
    (page / "index.html").write_text("<p>one</p>")
    (page / "assets" / "x-12345678.js").write_text("1")
    (tmp_path / "secret").write_text("secret")
    (page / "assets" / "link").symlink_to(tmp_path / "secret")
    return Shelf(page)


def test_what_is_there_is_found_under_its_own_address(shelf: Shelf) -> None:
    assert shelf.built
    found = shelf.find("/assets/x-12345678.js")
    assert found is not None
    assert found[1].startswith("text/javascript")
    assert shelf.find("/index.html") is not None


@pytest.mark.parametrize(
    "address",
    ["/../secret", "/assets/../../secret", "/assets/link", "/assets", "/assets/", "", "/", "secret",
     "//secret", "/assets//x-12345678.js", "/ASSETS/x-12345678.js", "/assets/x-12345678.js/"],
)  # fmt: skip
def test_nothing_else_is(shelf: Shelf, address: str) -> None:
    assert shelf.find(address) is None


def test_a_new_build_is_noticed(shelf: Shelf) -> None:
    assert shelf.find("/assets/y.js") is None
    (shelf.folder / "assets" / "y.js").write_text("2")
    index = shelf.folder / "index.html"
    os.utime(index, ns=(1, index.stat().st_mtime_ns + 1_000_000_000))
    assert shelf.find("/assets/y.js") is not None
    index.unlink()
    assert not shelf.built
    assert shelf.find("/assets/y.js") is None


def test_the_plots_script_is_the_reports(server: Any) -> None:
    reply = server.get("/vendor/plotly.min.js")
    assert reply.status == 200
    assert reply.body == plotly_path().read_bytes()
    again = server.get("/vendor/plotly.min.js", headers={"If-None-Match": reply.headers["etag"]})
    assert again.status == 304
    assert again.body == b""


def test_without_a_page_that_is_said_and_the_api_is_served(server: Any) -> None:
    front = server.get("/")
    assert front.status == 200
    if (PAGE / "index.html").is_file():
        assert front.body == (PAGE / "index.html").read_bytes()
    else:
        assert b"make web" in front.body
    assert server.get("/api/v1/session").json["page_built"] == (PAGE / "index.html").is_file()


@pytest.mark.skipif(not (PAGE / "index.html").is_file(), reason="the page is not built: make web")
def test_the_page_takes_no_more_of_the_wheel_than_is_said(repository: Path) -> None:
    """A wheel is a zip: every file is compressed by itself."""
    files = [one for one in PAGE.rglob("*") if one.is_file()]
    size = sum(len(zlib.compress(one.read_bytes())) for one in files)
    assert size < 8e6
    told = (repository / "docs" / "dependencies.md").read_text(encoding="utf-8")
    found = re.search(r"the page takes ([0-9.]+) MB of the wheel", told)
    assert found is not None
    assert size / 1e6 == pytest.approx(float(found[1]), abs=0.2)
