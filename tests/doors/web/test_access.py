"""Who is let in: token, cookie, host, origin, proof of one's own page, password."""

from __future__ import annotations

import re
import stat
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.errors import InputError
from cosmodrome.web.guard import CSP, allowed_host
from cosmodrome.web.serving import Asked, serve

SESSION = "/api/v1/session"


def cookie_of(server: Any) -> str:
    reply = server.get(server.address.split(str(server.port), 1)[1], bearer=False)
    assert reply.status == 200
    return str(reply.headers["set-cookie"])


def test_the_start_address_gives_a_cookie_that_no_script_and_no_other_page_can_use(
    server: Any,
) -> None:
    said = cookie_of(server)
    name, rest = said.split("=", 1)
    assert name == f"cosmodrome-{server.port}"
    assert "HttpOnly" in rest
    assert "samesite=strict" in rest.lower()
    pair = said.split(";")[0]
    assert server.get(SESSION, bearer=False, headers={"Cookie": pair}).status == 200


def test_without_a_token_nothing_is_told(server: Any) -> None:
    for path in (SESSION, "/api/v1/jobs", "/api/v1/openapi.json", "/vendor/plotly.min.js", "/x"):
        reply = server.get(path, bearer=False)
        assert reply.status == 401, path
        assert reply.error["kind"] == "unauthorized"
    front = server.get("/", bearer=False)
    assert front.status == 401
    assert b"token" in front.body


@pytest.mark.parametrize("token", ["", "x", "a-token-for-test", "A-token-for-tests"])
def test_a_wrong_token_opens_nothing(server: Any, token: str) -> None:
    assert server.get(f"/?token={token}", bearer=False).status == 401
    reply = server.get(SESSION, bearer=False, headers={"Authorization": f"Bearer {token}"})
    assert reply.status == 401


def test_a_forged_cookie_opens_nothing(server: Any) -> None:
    for value in ("", "0" * 64, '"', "=;=", "\x7f"):
        headers = {"Cookie": f"cosmodrome-{server.port}={value}"}
        assert server.get(SESSION, bearer=False, headers=headers).status == 401


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost:{port}x",
     "localhost.evil.example:{port}", "127.0.0.1.nip.io:{port}", "192.168.1.5:{port}", "",
     "[::1", "127.0.0.1:{port}@evil.example"],
)  # fmt: skip
def test_a_foreign_name_that_leads_here_is_refused(server: Any, host: str) -> None:
    reply = server.get(SESSION, headers={"Host": host.format(port=server.port)})
    assert reply.status in (400, 403)
    assert b"csrf" not in reply.body


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "LOCALHOST:{port}"])
def test_our_own_names_are_let_in(server: Any, host: str) -> None:
    assert server.get(SESSION, headers={"Host": host.format(port=server.port)}).status == 200


@given(st.text(max_size=60))
def test_no_other_text_is_a_host_of_ours(text: str) -> None:
    ours = re.fullmatch(r"(127\.0\.0\.1|localhost|\[?::1\]?):8750", text.lower())
    assert allowed_host(text, 8750, (), beyond=False) == bool(ours)


def test_beyond_loopback_addresses_are_ours_and_foreign_names_are_not() -> None:
    assert allowed_host("192.168.1.5:8750", 8750, (), beyond=True)
    assert allowed_host("[fe80::1]:8750", 8750, (), beyond=True)
    assert not allowed_host("evil.example:8750", 8750, (), beyond=True)
    for host in ("pad.example:8750", "pad.example", "PAD.example:443"):
        assert allowed_host(host, 8750, ("pad.example",), beyond=True)


WRITE = {"kind": "plan", "question": {"vehicle": "x", "site": "y", "orbit": "z"}}


def with_cookie(server: Any, **more: str) -> dict[str, str]:
    return {"Cookie": cookie_of(server).split(";")[0], **more}


def test_a_write_needs_the_proof_that_only_our_own_page_can_read(server: Any) -> None:
    csrf = server.get(SESSION).json["csrf"]
    for said in ({}, {"X-CSRF-Token": "x"}, {"X-CSRF-Token": csrf[:-1]}):
        reply = server.post(
            "/api/v1/jobs", WRITE, bearer=False, headers=with_cookie(server, **said)
        )
        assert reply.status == 403
        assert reply.error["kind"] == "forbidden"
    good = with_cookie(server, **{"X-CSRF-Token": csrf})
    assert server.post("/api/v1/jobs", WRITE, bearer=False, headers=good).status == 400


@pytest.mark.parametrize(
    "said",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_write_from_another_page_is_refused_whatever_it_knows(
    server: Any, said: dict[str, str]
) -> None:
    csrf = server.get(SESSION).json["csrf"]
    headers = with_cookie(server, **{"X-CSRF-Token": csrf}, **said)
    for method, path in (("POST", "/api/v1/jobs"), ("DELETE", "/api/v1/jobs/000000000000")):
        reply = server.ask(method, path, WRITE, bearer=False, headers=headers)
        assert reply.status == 403


def test_every_answer_forbids_foreign_scripts_and_frames(server: Any) -> None:
    for path, bearer in ((SESSION, True), ("/", True), ("/", False), ("/nothing", True)):
        headers = server.get(path, bearer=bearer).headers
        assert headers["content-security-policy"] == CSP
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in headers
        assert "access-control-allow-origin" not in headers
    assert "unsafe-eval'" not in CSP.replace("wasm-unsafe-eval'", "")
    assert "http" not in CSP


@pytest.mark.slow
def test_an_open_page_outlives_the_server_and_the_store_is_the_owners_alone(
    begin: Any, tmp_path: Path
) -> None:
    first = begin(tmp_path / "store")
    secret = tmp_path / "store" / "secret"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "store").stat().st_mode) == 0o700
    pair = {"Cookie": cookie_of(first).split(";")[0]}
    proof = pair | {"X-CSRF-Token": first.get(SESSION).json["csrf"]}
    first.close()
    second = begin(tmp_path / "store", port=first.port)
    assert second.get(SESSION, bearer=False, headers=pair).status == 200
    assert second.post("/api/v1/jobs", WRITE, bearer=False, headers=proof).status == 400
    second.close()
    other = begin(tmp_path / "other", port=first.port)
    assert other.get(SESSION, bearer=False, headers=pair).status == 401


def test_one_store_has_one_server(server: Any) -> None:
    with pytest.raises(InputError) as refused:
        serve(Asked(port=0, store=server.store, token="t"), lambda *_: None)  # noqa: S106
    assert "in use" in refused.value.message
    assert refused.value.key == "--store"


def test_beyond_loopback_a_password_is_demanded(tmp_path: Path) -> None:
    for host in ("0.0.0.0", "::", "192.168.1.5", "example.org"):  # noqa: S104 - refused
        with pytest.raises(InputError) as refused:
            serve(Asked(host=host, port=0, store=tmp_path), lambda *_: None)
        assert refused.value.key == "--host"
    with pytest.raises(InputError) as refused:
        serve(Asked(port=0, store=tmp_path, password="short"), lambda *_: None)  # noqa: S106
    assert refused.value.key == "--password-file"


def test_a_password_is_asked_for_and_guessing_is_slow(begin: Any, tmp_path: Path) -> None:
    client = begin(tmp_path / "store", password="correct horse")  # noqa: S106
    assert "token" not in client.address
    front = client.get("/", bearer=False)
    assert front.status == 401
    assert b"type='password'" in front.body
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    began = time.monotonic()
    assert client.post("/sign-in", b"password=wrong", bearer=False, headers=form).status == 401
    assert time.monotonic() - began > 0.9
    foreign = form | {"Origin": "http://evil.example"}
    said = b"password=correct+horse"
    assert client.post("/sign-in", said, bearer=False, headers=foreign).status == 403
    reply = client.post("/sign-in", said, bearer=False, headers=form)
    assert reply.status == 200
    pair = {"Cookie": reply.headers["set-cookie"].split(";")[0]}
    assert client.get(SESSION, bearer=False, headers=pair).status == 200
    # The token of a server without a password opens nothing here.
    assert client.get(SESSION).status == 401


def test_a_password_can_be_guessed_at_no_address_but_the_slow_one(
    begin: Any, tmp_path: Path
) -> None:
    """Elsewhere the right one is answered as a wrong one: nothing can be learnt there."""
    client = begin(tmp_path / "store", password="correct horse")  # noqa: S106
    for path in (SESSION, "/api/v1/jobs", "/", "/?token=correct+horse", "/vendor/plotly.min.js"):
        told = []
        for guess in ("correct horse", "wrong"):
            headers = {"Authorization": f"Bearer {guess}"}
            reply = client.get(path, bearer=False, headers=headers)
            assert reply.status == 401, (path, guess)
            told.append(reply.body)
        assert told[0] == told[1], path
    headers = {"Authorization": "Bearer correct horse"}
    assert client.post("/api/v1/jobs", WRITE, bearer=False, headers=headers).status == 401
