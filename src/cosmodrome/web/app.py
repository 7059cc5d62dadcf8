"""The routes: every one short, typed, and doing what the command line does."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import parse_qs

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.exceptions import StarletteHTTPException as NoRoute  # type: ignore[attr-defined]
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response

from cosmodrome.version import VERSION
from cosmodrome.web.desk import Desk
from cosmodrome.web.guard import Guard, Keys
from cosmodrome.web.jobs import Jobs
from cosmodrome.web.limits import Limits
from cosmodrome.web.pages import GONE_IN, NOT_BUILT, Shelf, enter, plain_page, plotly_path, sign_in
from cosmodrome.web.refusals import Refused
from cosmodrome.web.routes_catalogue import catalogue_routes
from cosmodrome.web.routes_files import file_routes
from cosmodrome.web.routes_jobs import job_routes
from cosmodrome.web.shapes import ErrorShape, SessionShape

__all__ = ["Server", "make_app"]

_WRONG_S = 1.0
_STAMPED = re.compile(r"-[A-Za-z0-9_-]{8}\.(js|css)$")
"""A name that the build has given by the content: another content has another name."""

_DOC = """What the page of `cosmodrome serve` asks, and all that it asks. Every kind of job is a
command of the command line, its question that command's options, its result that command's
`--json` document. Refusals have one shape whatever went wrong; quantities carry their unit in
their name; times are ISO 8601 UTC."""


@dataclass(frozen=True, slots=True)
class Server:
    """What the routes stand on."""

    keys: Keys
    jobs: Jobs
    desk: Desk
    shelf: Shelf

    @property
    def limits(self) -> Limits:
        """The server's bounds."""
        return self.jobs.limits


def make_app(server: Server, names: tuple[str, ...] = (), *, beyond: bool = False) -> Guard:
    """The whole of the server as an ASGI application.

    Parameters
    ----------
    server : Server
    names : tuple of str, further names it goes by
    beyond : bool, whether it is meant to be reached from elsewhere
    """

    @asynccontextmanager
    async def living(_app: FastAPI) -> AsyncIterator[None]:
        yield
        server.jobs.close()

    app = FastAPI(
        title="cosmodrome",
        version=VERSION,
        description=_DOC,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=living,
        responses={400: {"model": ErrorShape}, 422: {"model": ErrorShape}},
    )
    _refusals(app)
    _session(app, server)
    for routes in (catalogue_routes, job_routes, file_routes):
        app.include_router(routes(server.jobs, server.desk), prefix="/api/v1")
    _pages(app, server)
    return Guard(app, server.keys, server.limits, names, beyond=beyond)


def _refusals(app: FastAPI) -> None:
    """One shape for everything that goes wrong."""

    @app.exception_handler(Refused)
    async def refused(_request: Request, error: Refused) -> JSONResponse:
        headers = {"Retry-After": "1"} if error.kind == "busy" else None
        return JSONResponse({"error": error.told}, error.status, headers)

    @app.exception_handler(RequestValidationError)
    async def misfit(_request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part not in ("body", "query"))
        message = str(first["msg"]).removeprefix("Value error, ")
        told = Refused("bad_input", message[:500], key=where[:200] or None).told
        return JSONResponse({"error": told}, 422)

    @app.exception_handler(NoRoute)
    async def missing(_request: Request, error: NoRoute) -> JSONResponse:
        kinds = {404: "not_found", 405: "wrong_method"}
        kind = kinds.get(error.status_code, "bad_input")
        told = Refused(kind, str(error.detail)[:200]).told
        return JSONResponse({"error": told}, error.status_code, error.headers)

    @app.exception_handler(Exception)
    async def defect(_request: Request, error: Exception) -> JSONResponse:
        message = f"internal error, a defect in the program ({type(error).__name__})"
        return JSONResponse({"error": Refused("defect", message).told}, 500)


def _session(app: FastAPI, server: Server) -> None:
    @app.get("/api/v1/session", tags=["session"])
    def session() -> SessionShape:
        """What the page has to know of the server: its proof for writes, its bounds."""
        return SessionShape(
            version=VERSION,
            csrf=server.keys.csrf,
            port=server.keys.port,
            page_built=server.shelf.built,
            limits=asdict(server.limits),
        )


def _pages(app: FastAPI, server: Server) -> None:
    """The page itself: addresses are looked up in a list, never made into paths."""

    @app.get("/", include_in_schema=False)
    async def front(request: Request, token: str | None = None) -> Response:
        if token is not None and server.keys.password is None:
            if server.keys.is_token(token):
                return _let_in(server, request)
            await asyncio.sleep(_WRONG_S)
        if not request.scope["cosmodrome.open"]:
            page = enter() if server.keys.password is None else sign_in(wrong=False)
            return HTMLResponse(page, 401)
        found = server.shelf.find("/index.html")
        if found is None:
            return HTMLResponse(plain_page(NOT_BUILT[0].upper() + NOT_BUILT[1:] + "."))
        return FileResponse(found[0], media_type=found[1], headers={"cache-control": "no-cache"})

    lock = asyncio.Lock()

    @app.post("/sign-in", include_in_schema=False)
    async def signed(request: Request) -> Response:
        said = parse_qs((await request.body()).decode("utf-8", "replace"))
        password = said.get("password", [""])[0]
        # One at a time, and slowly: guessing takes for ever.
        async with lock:
            if server.keys.is_password(password):
                return _let_in(server, request)
            await asyncio.sleep(_WRONG_S)
        return HTMLResponse(sign_in(wrong=True), 401)

    @app.get("/vendor/plotly.min.js", include_in_schema=False)
    def plotly(request: Request) -> Response:
        return _piece(request, plotly_path(), "text/javascript; charset=utf-8")

    @app.get("/{address:path}", include_in_schema=False)
    def piece(request: Request, address: str) -> Response:
        found = server.shelf.find(f"/{address}")
        if found is None:
            raise Refused("not_found", "there is nothing at this address")
        return _piece(request, *found)


def _piece(request: Request, path: Path, kind: str) -> Response:
    """A file that the browser may keep; a short word where it asks whether it is still the same."""
    told = path.stat()
    mark = f'"{told.st_mtime_ns:x}-{told.st_size:x}"'
    headers = {"etag": mark, "cache-control": "private, no-cache"}
    if _STAMPED.search(path.name):
        headers["cache-control"] = "private, max-age=31536000, immutable"
    if mark in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return FileResponse(path, media_type=kind, headers=headers)


def _let_in(server: Server, request: Request) -> HTMLResponse:
    answer = HTMLResponse(GONE_IN)
    answer.set_cookie(
        server.keys.cookie,
        server.keys.session,
        httponly=True,
        samesite="strict",
        path="/",
        secure=request.url.scheme == "https",
    )
    return answer
