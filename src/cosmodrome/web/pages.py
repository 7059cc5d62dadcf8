"""The page's own files, and the few words that the server says itself."""

from __future__ import annotations

import html
import mimetypes
from importlib.resources import files
from pathlib import Path
from typing import Final

__all__ = ["GONE_IN", "NOT_BUILT", "PAGE", "Shelf", "enter", "plain_page", "plotly_path", "sign_in"]

PAGE: Final = Path(__file__).parent / "page"
NOT_BUILT: Final = "the page is not built here (`make web` builds it): the API is served alone"

_KINDS: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".wasm": "application/wasm",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}

_FRAME: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>cosmodrome</title>
<meta name="viewport" content="width=device-width, initial-scale=1">{head}
<style>body{{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem}}
@media (prefers-color-scheme:dark){{body{{background:#15181c;color:#e6e6e6}}a{{color:#9cf}}}}
input,button{{font:inherit;padding:.4rem .6rem}}</style></head><body><main><h1>cosmodrome</h1>
{body}</main></body></html>
"""

GONE_IN: Final = _FRAME.format(
    head='<meta http-equiv="refresh" content="0;url=/">', body='<p><a href="/">Go on</a></p>'
)
"""Said with the cookie: the next request comes from our own page, so that the cookie goes along."""


def plain_page(text: str) -> str:
    """A page of one sentence."""
    return _FRAME.format(head="", body=f"<p>{html.escape(text)}</p>")


def enter() -> str:
    """What somebody sees who has not been let in, where there is no password."""
    return plain_page(
        "This server answers to whoever started it. Open the address that it printed when it "
        "started; it ends in ?token=..."
    )


def sign_in(*, wrong: bool) -> str:
    """A form for the password."""
    said = "<p role='alert'>That was not it.</p>" if wrong else ""
    form = (
        "<form method='post' action='/sign-in'><p><label>Password "
        "<input type='password' name='password' autocomplete='current-password' autofocus required>"
        "</label> <button>Sign in</button></p></form>"
    )
    return _FRAME.format(head="", body=said + form)


class Shelf:
    """Files below a folder by the address they are served under.

    They are listed, and nothing but what stands in the list is ever opened: an
    address is looked up, not made a path. A new build is noticed.

    Parameters
    ----------
    folder : Path, with an index.html
    """

    def __init__(self, folder: Path = PAGE) -> None:
        self.folder = folder
        self._listed = 0.0
        self._files: dict[str, Path] = {}

    @property
    def built(self) -> bool:
        """Whether there is a page at all."""
        return (self.folder / "index.html").is_file()

    def find(self, address: str) -> tuple[Path, str] | None:
        """The file of an address and its media type; None where there is none."""
        self._look()
        path = self._files.get(address)
        if path is None:
            return None
        kind = _KINDS.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0]
        return path, kind or "application/octet-stream"

    def _look(self) -> None:
        try:
            changed = (self.folder / "index.html").stat().st_mtime
        except OSError:
            self._files, self._listed = {}, 0.0
            return
        if changed == self._listed:
            return
        root = self.folder.resolve()
        self._files = {
            f"/{one.relative_to(root).as_posix()}": one
            for one in root.rglob("*")
            if one.is_file() and not one.is_symlink()
        }
        self._listed = changed


def plotly_path() -> Path:
    """The plots' script, out of the Python package that the reports take it from."""
    return Path(str(files("plotly"))) / "package_data" / "plotly.min.js"
