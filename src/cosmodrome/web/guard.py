"""Who may ask: the door that every request passes before anything else looks at it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ipaddress
import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final

from cosmodrome.web.limits import Limits
from cosmodrome.web.refusals import Refused

__all__ = ["CSP", "Guard", "Keys", "allowed_host"]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

CSP: Final = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self' blob: data:; "
    "font-src 'self' data:; frame-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'"
)
"""Nothing but the page's own files. The globe decodes in workers that it starts from blobs and in
WebAssembly, and makes images of blobs; the plots put rules into style elements. No script stands
in the page itself, and no text is made a script."""

_HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
_SAFE: Final = ("GET", "HEAD")
_METHODS: Final = (*_SAFE, "POST", "DELETE")
_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_BODY_S: Final = 120.0
_PATH_BYTES: Final = 2000


@dataclass(frozen=True, slots=True)
class Keys:
    """What opens the server.

    Parameters
    ----------
    secret : bytes, kept in the store: a page that is open goes on after a restart
    token : str, of the start address
    port : int, a part of the cookie's name: ports share cookies
    password : str or None, instead of a token where others can reach the server
    """

    secret: bytes
    token: str
    port: int
    password: str | None = None

    def _made(self, what: str) -> str:
        text = f"{what} {self.password or ''}"
        return hmac.new(self.secret, text.encode(), hashlib.sha256).hexdigest()

    @property
    def cookie(self) -> str:
        """The cookie's name."""
        return f"cosmodrome-{self.port}"

    @property
    def session(self) -> str:
        """The cookie's value."""
        return self._made("session")

    @property
    def csrf(self) -> str:
        """What a page that may write says in a header."""
        return self._made("csrf")

    def is_token(self, said: str) -> bool:
        """Whether this is the token; nothing is where there is a password.

        A password is only ever compared at the one address that makes guessing slow: a
        person has thought of it, and a token has more bits than can be tried.
        """
        return self.password is None and hmac.compare_digest(said.encode(), self.token.encode())

    def is_password(self, said: str) -> bool:
        """Whether this is the password; nothing is where there is none. To be asked slowly."""
        given = self.password
        return given is not None and hmac.compare_digest(said.encode(), given.encode())


def allowed_host(host: str, port: int, names: tuple[str, ...], *, beyond: bool) -> bool:
    """Whether a Host header is one of ours: a foreign name that leads here is none.

    Parameters
    ----------
    host : str, as it was sent
    port : int, ours
    names : tuple of str, more names than loopback's
    beyond : bool
        Whether the server is meant to be reached from elsewhere; then addresses
        count as ours, since no foreign name is needed to come by them.
    """
    name, _, said = host.rpartition(":") if not host.endswith("]") else (host, "", "")
    if not name:
        name, said = host, ""
    plain = name.lower().strip("[]")
    if plain in names:
        return True  # a proxy has a port of its own
    if (said or "80") != str(port):
        return False
    if plain in ("127.0.0.1", "localhost", "::1"):
        return True
    try:
        address = ipaddress.ip_address(plain)
    except ValueError:
        return False
    return beyond and not address.is_multicast


class Guard:
    """Host, size, cookie, origin: refused here, before any route is looked for.

    Parameters
    ----------
    app : the routes
    keys : Keys
    limits : Limits
    names : tuple of str, further host names
    beyond : bool, whether it is meant to be reached from elsewhere
    """

    def __init__(
        self, app: App, keys: Keys, limits: Limits, names: tuple[str, ...] = (), *, beyond: bool
    ) -> None:
        self.app, self.keys, self.limits = app, keys, limits
        self.names, self.beyond = names, beyond
        self._under_way = 0
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # no web sockets are spoken here
        if self._under_way >= self.limits.connections:
            await _refuse(send, "busy", "the server is busy", [(b"retry-after", b"1")])
            return
        self._under_way += 1
        try:
            await self._let_in(scope, receive, send)
        finally:
            self._under_way -= 1

    async def _let_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = _headers(scope)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await _refuse(send, *refusal)
            return
        try:
            body = (
                await self._body(receive, self._most(scope)) if scope["method"] == "POST" else b""
            )
        except _TooLargeError:
            await _refuse(send, "too_large", f"more than {self._most(scope)} bytes")
            return
        except _TooManyError:
            await _refuse(send, "busy", "too much is being sent", [(b"retry-after", b"1")])
            return
        except TimeoutError:
            await _refuse(send, "too_long", "the request did not come to its end")
            return
        scope["cosmodrome.open"] = self._is_open(headers)
        await self.app(scope, _once(body, receive), _with_headers(send))

    async def _body(self, receive: Receive, most: int) -> bytes:
        """A body of a size that may be, within a time that may be."""
        parts: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(_BODY_S):
                while True:
                    message = await receive()
                    part = message.get("body", b"")
                    parts.append(part)
                    size += len(part)
                    self._held += len(part)
                    if size > most:
                        raise _TooLargeError
                    if self._held > self.limits.bodies_bytes:
                        raise _TooManyError
                    if message["type"] != "http.request" or not message.get("more_body"):
                        return b"".join(parts)
        finally:
            self._held -= size

    def _refusal(self, scope: Scope, headers: dict[str, list[str]]) -> tuple[str, str] | None:
        """Why a request is not let in; None where it is."""
        hosts = headers.get("host", [])
        fine = len(hosts) == 1 and allowed_host(
            hosts[0], self.keys.port, self.names, beyond=self.beyond
        )
        if not fine:
            return "forbidden", "this server does not go by that name"
        if scope["method"] not in _METHODS:
            return "wrong_method", f"one of {', '.join(_METHODS)} is understood"
        if len(scope.get("raw_path") or b"") > _PATH_BYTES:
            return "not_found", "there is nothing at such an address"
        lengths = headers.get("content-length", ["0"])
        if not lengths[0].isdigit() or int(lengths[0]) > self._most(scope):
            return "too_large", f"more than {self._most(scope)} bytes"
        path = scope["path"]
        if path in ("/", "/sign-in"):
            return self._foreign(headers, hosts[0]) if scope["method"] not in _SAFE else None
        if not self._is_open(headers):
            return "unauthorized", "open the address that the server printed when it started"
        if scope["method"] in _SAFE or self._by_bearer(headers):
            return None
        return self._foreign(headers, hosts[0]) or self._unproved(headers)

    def _foreign(self, headers: dict[str, list[str]], host: str) -> tuple[str, str] | None:
        """A write that another page has caused."""
        site = headers.get("sec-fetch-site", ["same-origin"])[0]
        origin = headers.get("origin", [""])[0].lower()
        ours = ("", f"http://{host.lower()}", f"https://{host.lower()}")
        if site not in ("same-origin", "none") or origin not in ours:
            return "forbidden", "this request comes from another page"
        return None

    def _unproved(self, headers: dict[str, list[str]]) -> tuple[str, str] | None:
        said = headers.get("x-csrf-token", [""])[0]
        if not hmac.compare_digest(said.encode(), self.keys.csrf.encode()):
            return "forbidden", "X-CSRF-Token is missing or wrong; /api/v1/session gives it"
        return None

    def _is_open(self, headers: dict[str, list[str]]) -> bool:
        return self._by_bearer(headers) or self._by_cookie(headers)

    def _by_bearer(self, headers: dict[str, list[str]]) -> bool:
        scheme, _, said = headers.get("authorization", [""])[0].partition(" ")
        return scheme.lower() == "bearer" and self.keys.is_token(said.strip())

    def _by_cookie(self, headers: dict[str, list[str]]) -> bool:
        for line in headers.get("cookie", []):
            try:
                found = SimpleCookie(line).get(self.keys.cookie)
            except CookieError:
                continue
            if found and hmac.compare_digest(found.value.encode(), self.keys.session.encode()):
                return True
        return False

    def _most(self, scope: Scope) -> int:
        """Bytes of a body: base64 and JSON make a file half as long again."""
        if scope["path"] == "/api/v1/files":
            return self.limits.file_bytes * 3 // 2 + 4096
        return self.limits.body_bytes


class _TooLargeError(Exception):
    """A body that is longer than it may be."""


class _TooManyError(Exception):
    """Bodies that are longer together than they may be."""


def _once(body: bytes, receive: Receive) -> Receive:
    """The body that was read already, then whatever comes."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _headers(scope: Scope) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, value in scope["headers"]:
        found.setdefault(key.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return found


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            there = {key.lower() for key, _ in message.get("headers", [])}
            more = [*_HEADERS, (b"content-security-policy", CSP.encode())]
            more += [(b"cache-control", b"no-store")]
            message["headers"] = [
                *message.get("headers", []),
                *((key, value) for key, value in more if key not in there),
            ]
        await send(message)

    return sending


async def _refuse(
    send: Send, kind: str, message: str, more: list[tuple[bytes, bytes]] | None = None
) -> None:
    refused = Refused(kind, message)
    content = json.dumps({"error": refused.told}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(content)).encode()),
        # Whatever of the request was not read is not read as the next one.
        (b"connection", b"close"),
        *(more or []),
    ]
    sending = _with_headers(send)
    await sending({"type": "http.response.start", "status": refused.status, "headers": headers})
    await sending({"type": "http.response.body", "body": content})
