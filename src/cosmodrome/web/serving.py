"""A server from what was asked for: store, keys, address; and its life."""

from __future__ import annotations

import ipaddress
import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cosmodrome.errors import InputError
from cosmodrome.web.limits import Limits

if TYPE_CHECKING:
    import uvicorn

    from cosmodrome.web.guard import Guard

__all__ = ["Asked", "serve"]

LEAST_PASSWORD = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """How a server is to be.

    Parameters
    ----------
    host : str, the address it listens at
    port : int, 0 for any that is free
    store : Path or None, the user's data folder by default
    names : tuple of str, further names it goes by, where a proxy stands before it
    password : str or None, needed where `host` is not this machine's own loopback
    token : str or None, a new one by default
    limits : Limits
    warm : bool, whether the workers' parent makes a plan before anybody asks
    """

    host: str = "127.0.0.1"
    port: int = 8750
    store: Path | None = None
    names: tuple[str, ...] = ()
    password: str | None = None
    token: str | None = None
    limits: Limits = field(default_factory=Limits)
    warm: bool = True


def serve(asked: Asked, told: Callable[[str, str], None]) -> None:
    """Serve until interrupted.

    Parameters
    ----------
    asked : Asked
    told : callable(address to open, remark or "")
        Called once the server listens.

    Raises
    ------
    InputError
        An address that cannot be listened at, a store that cannot be used, or a
        password that is missing.
    """
    beyond = not _is_loopback(asked.host)
    _check_password(asked, beyond=beyond)
    from cosmodrome.web.app import Server, make_app
    from cosmodrome.web.desk import Desk
    from cosmodrome.web.guard import Keys
    from cosmodrome.web.jobs import Jobs
    from cosmodrome.web.pages import NOT_BUILT, Shelf
    from cosmodrome.web.store import Store, data_folder

    listening = _listening(asked)
    try:
        port = int(listening.getsockname()[1])
        store = Store(asked.store or data_folder())
        try:
            token = asked.token or secrets.token_urlsafe(24)
            keys = Keys(_secret(store.folder), token, port, asked.password)
            jobs = Jobs(store, asked.limits, warm=asked.warm)
            server = Server(keys, jobs, Desk(jobs), Shelf())
            app = make_app(server, asked.names, beyond=beyond)
            remark = "" if server.shelf.built else NOT_BUILT
            where = _address(asked, port, token)
            try:
                _opened(app, lambda: told(where, remark)).run(sockets=[listening])
            finally:
                jobs.close()
        finally:
            store.close()
    finally:
        listening.close()


def _opened(app: Guard, open_now: Callable[[], None]) -> uvicorn.Server:
    """What serves an application, and says so once somebody can come in."""
    import uvicorn

    class Door(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            if not self.should_exit:
                open_now()

    return Door(
        uvicorn.Config(
            app,
            log_level="critical",
            access_log=False,
            lifespan="on",
            server_header=False,
            h11_max_incomplete_event_size=32768,
            timeout_graceful_shutdown=3,
        )
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check_password(asked: Asked, *, beyond: bool) -> None:
    if beyond and asked.password is None:
        raise InputError(
            f"{asked.host} can be reached from other machines: a password is needed",
            key="--host",
            value=asked.host,
            allowed="--password-file FILE or COSMODROME_PASSWORD with it, or --host 127.0.0.1",
        )
    if asked.password is not None and len(asked.password) < LEAST_PASSWORD:
        raise InputError(
            "the password is too short",
            key="--password-file",
            allowed=f"at least {LEAST_PASSWORD} characters",
        )


def _listening(asked: Asked) -> socket.socket:
    family = socket.AF_INET6 if ":" in asked.host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((asked.host, asked.port))
    except OSError as error:
        found.close()
        reason = (error.strerror or str(error)).lower()
        raise InputError(
            f"{asked.host}:{asked.port} cannot be listened at ({reason})",
            key="--port" if asked.port else "--host",
            value=f"{asked.host}:{asked.port}",
            allowed="an address of this machine and a port that is free; --port 0 finds one",
        ) from error
    return found


def _address(asked: Asked, port: int, token: str) -> str:
    host = f"[{asked.host}]" if ":" in asked.host else asked.host
    base = f"http://{host}:{port}/"
    return base if asked.password is not None else f"{base}?token={token}"


def _secret(folder: Path) -> bytes:
    """What cookies are signed with; kept, so that an open page outlives the server."""
    place = folder / "secret"
    try:
        found = place.read_bytes()
        if len(found) == 32:
            return found
    except FileNotFoundError:
        pass
    made = secrets.token_bytes(32)
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(made)
    return made
