"""Routes of files that are handed in: missions, orbits, areas, catalogues."""

from __future__ import annotations

import base64
import binascii
import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from fastapi import APIRouter, Header
from fastapi import Path as InPath
from fastapi.responses import FileResponse, Response

from cosmodrome.errors import InputError
from cosmodrome.web.desk import Desk
from cosmodrome.web.idents import IDENT
from cosmodrome.web.jobs import Jobs
from cosmodrome.web.refusals import Refused
from cosmodrome.web.routes_jobs import confirmed
from cosmodrome.web.shapes import ErrorShape, FileBody, FileList, FileShape
from cosmodrome.web.uploads import safe_name

__all__ = ["file_routes"]

Ident = Annotated[str, InPath(pattern=f"^{IDENT}$")]
_FAILS: dict[int | str, dict[str, Any]] = {
    code: {"model": ErrorShape} for code in (404, 413, 428, 503, 504)
}


def file_routes(jobs: Jobs, desk: Desk) -> APIRouter:
    """The routes.

    Parameters
    ----------
    jobs : Jobs
    desk : Desk
    """
    routes = APIRouter(prefix="/files", tags=["files"], responses=_FAILS)

    @routes.post("", status_code=201, response_model=FileShape)
    def add(body: FileBody) -> dict[str, Any]:
        """Hand a file in; refused as the command line refuses it."""
        name, content = _named(body), _content(body)
        ident = hashlib.sha256(f"{name}\n".encode() + content).hexdigest()[:12]
        if jobs.store.handed_in.get(ident) is None:
            _looked_at(jobs, desk, ident, name, content)
        return _shown(jobs, ident)

    @routes.get("", response_model=FileList)
    def listing() -> dict[str, Any]:
        """Files that were handed in, the newest first."""
        return {"files": [_shape(row) for row in jobs.store.handed_in.every()]}

    @routes.get("/{ident}", response_class=Response)
    def content(ident: Ident) -> Response:
        """The content of a file, as it was handed in."""
        row = _row(jobs, ident)
        headers = {"content-disposition": f'attachment; filename="{row["name"]}"'}
        place = jobs.store.handed_in.path(ident, row["name"])
        return FileResponse(place, media_type="application/octet-stream", headers=headers)

    @routes.delete("/{ident}", status_code=204)
    def delete(
        ident: Ident, x_confirm_delete: Annotated[str | None, Header(max_length=100)] = None
    ) -> Response:
        """Delete a file; only with its id in X-Confirm-Delete."""
        confirmed(ident, x_confirm_delete, _row(jobs, ident)["name"])
        jobs.store.handed_in.drop(ident)
        return Response(status_code=204)

    return routes


def _named(body: FileBody) -> str:
    try:
        return safe_name(body.name)
    except InputError as error:
        more = error.to_dict()
        raise Refused("bad_input", str(more.pop("message")), **more) from None


def _content(body: FileBody) -> bytes:
    if (body.text is None) == (body.base64 is None):
        raise Refused("bad_input", "say `text` or `base64`, one of them", key="text")
    if body.text is not None:
        return body.text.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(str(body.base64), validate=True)
    except (binascii.Error, ValueError):
        raise Refused("bad_input", "this is not base64", key="base64") from None


def _looked_at(jobs: Jobs, desk: Desk, ident: str, name: str, content: bytes) -> None:
    """Keep a file once it is known what it is; until then it lies where all is swept away."""
    limits, kept = jobs.limits, jobs.store.handed_in
    if len(content) > limits.file_bytes:
        raise Refused("too_large", "the file is too large", allowed=f"{limits.file_bytes} bytes")

    def room(files: int, together: int) -> None:
        if files > limits.stored_files or together > limits.files_bytes:
            raise Refused("busy", "there is no room for more files", allowed="delete some")

    files, together = kept.size()
    room(files + 1, together + len(content))
    with TemporaryDirectory(dir=jobs.store.desk) as folder:
        draft = Path(folder) / name
        draft.write_bytes(content)
        about, _ = desk.call("file", {"file": ident}, {ident: (name, str(draft))})
        kept.add(ident, draft, about, room=room)


def _row(jobs: Jobs, ident: str) -> dict[str, Any]:
    row = jobs.store.handed_in.get(ident)
    if row is None:
        raise Refused("not_found", "there is no such file", key="id", value=ident)
    return row


def _shown(jobs: Jobs, ident: str) -> dict[str, Any]:
    return _shape(_row(jobs, ident))


def _shape(row: dict[str, Any]) -> dict[str, Any]:
    return {**{key: row[key] for key in ("id", "name", "bytes")}, **row["about"]}
