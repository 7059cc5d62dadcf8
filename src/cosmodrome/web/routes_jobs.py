"""Routes of jobs: asked, listed, watched, stopped, gone on with, deleted; and their results."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Header, Query
from fastapi import Path as InPath
from fastapi.responses import FileResponse, Response

from cosmodrome.web.bounds import within
from cosmodrome.web.desk import Desk
from cosmodrome.web.idents import IDENT
from cosmodrome.web.jobs import Jobs
from cosmodrome.web.questions import KINDS
from cosmodrome.web.refusals import Refused
from cosmodrome.web.shapes import Changes, ErrorShape, JobBody, JobList, JobShape, Trajectory
from cosmodrome.web.shown import listed_files, type_of

__all__ = ["job_routes"]

Ident = Annotated[str, InPath(pattern=f"^{IDENT}$")]
Form = Literal[
    "oem", "oem-xml", "opm", "opm-xml", "omm", "omm-xml", "tle",
    "czml", "kml", "geojson", "csv", "parquet",
]  # fmt: skip
State = Literal["", "queued", "running", "stopping", "done", "refused", "failed", "stopped"]

_SANDBOX = (
    "sandbox allow-scripts allow-downloads; default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src data: blob:; font-src data:"
)
_FAILS: dict[int | str, dict[str, Any]] = {
    code: {"model": ErrorShape} for code in (404, 409, 428, 503, 504)
}
_WAIT_S = 25.0


def job_routes(jobs: Jobs, desk: Desk) -> APIRouter:
    """The routes.

    Parameters
    ----------
    jobs : Jobs
    desk : Desk
    """
    routes = APIRouter(tags=["jobs"], responses=_FAILS)

    @routes.post("/jobs", status_code=201, response_model=JobShape)
    def add(body: Annotated[JobBody, Body(discriminator="kind")]) -> dict[str, Any]:
        """Have something worked on; refused at once where the question cannot be used."""
        question = body.question.model_dump()
        within(body.kind, question, jobs.limits)
        desk.ask(body.kind, question)
        return jobs.add(body.kind, question, body.title)

    @routes.get("/jobs", response_model=JobList)
    def listing(
        search: Annotated[str, Query(max_length=200)] = "",
        kind: Literal["", *KINDS] = "",  # type: ignore[valid-type]
        state: State = "",
        offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> dict[str, Any]:
        """Jobs, the newest first; `search` looks in title, command and kind."""
        return jobs.listing(search=search, kind=kind, state=state, offset=offset, limit=limit)

    @routes.get("/changes", response_model=Changes)
    async def changes(
        after: Annotated[int, Query(ge=0, le=2**60)] = 0,
        wait_s: Annotated[float, Query(ge=0.0, le=_WAIT_S)] = 20.0,
    ) -> dict[str, Any]:
        """What has changed since a revision, as soon as something has."""
        return await _news(jobs, after, wait_s)

    @routes.get("/jobs/{ident}", response_model=JobShape)
    def job(ident: Ident) -> dict[str, Any]:
        """One job, as it stands now."""
        return jobs.job(ident)

    @routes.post("/jobs/{ident}/stop", response_model=JobShape)
    def stop(ident: Ident) -> dict[str, Any]:
        """Stop a job; what it has finished is kept."""
        return jobs.stop(ident)

    @routes.post("/jobs/{ident}/resume", response_model=JobShape)
    def resume(ident: Ident) -> dict[str, Any]:
        """Go on with a job that was stopped or has failed."""
        return jobs.resume(ident)

    @routes.delete("/jobs/{ident}", status_code=204)
    def delete(
        ident: Ident, x_confirm_delete: Annotated[str | None, Header(max_length=100)] = None
    ) -> Response:
        """Delete a job and all that it has made; only with its id in X-Confirm-Delete."""
        confirmed(ident, x_confirm_delete, jobs.job(ident)["title"])
        jobs.delete(ident)
        return Response(status_code=204)

    _result_routes(routes, jobs, desk)
    return routes


def confirmed(ident: str, said: str | None, what: str) -> None:
    """See that a deletion is meant.

    Raises
    ------
    Refused
        Where the header does not name the same thing.
    """
    if said != ident:
        raise Refused(
            "unconfirmed",
            f"this would delete {what!r} and cannot be undone",
            key="X-Confirm-Delete",
            allowed=f"the same with the header X-Confirm-Delete: {ident}",
        )


def _result_routes(routes: APIRouter, jobs: Jobs, desk: Desk) -> None:
    @routes.get("/jobs/{ident}/result", response_class=Response)
    def result(ident: Ident) -> Response:
        """The document, as the command line's `--json` prints it."""
        return _file(jobs, desk, ident, "result.json", download=False)

    @routes.get("/jobs/{ident}/files/{name}", response_class=Response)
    def file(
        ident: Ident,
        name: Annotated[str, InPath(max_length=80)],
        download: Annotated[Literal["0", "1"], Query()] = "0",
    ) -> Response:
        """A file that the job has made."""
        return _file(jobs, desk, ident, name, download=download == "1")

    @routes.get("/jobs/{ident}/trajectory", response_model=Trajectory)
    def trajectory(
        ident: Ident, most: Annotated[int, Query(ge=10, le=20_000)] = 2000
    ) -> dict[str, Any]:
        """The flight of a plan as columns; thinned, it keeps every change of leg."""
        document: dict[str, Any] = _called(desk, "trajectory", *jobs.made(ident), most=most)[0]
        return document

    @routes.get("/jobs/{ident}/export/{form}", response_class=Response)
    def export(ident: Ident, form: Form) -> Response:
        """The flight of a plan in a standard form, as `cosmodrome export` writes it."""
        row, folder = jobs.made(ident)
        told, content = _called(desk, "export", row, folder, form=form)
        stem = re.sub(r"[^A-Za-z0-9.+-]+", "-", row["title"]).strip("-")[:60]
        name = f"{stem or ident}.{told['name'].partition('.')[2]}"
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        if told["notes"]:
            said = "; ".join(told["notes"]).encode("ascii", "replace").decode()
            headers["x-notes"] = re.sub(r"[^ -~]", " ", said)[:2000]
        return Response(content, media_type=type_of(told["name"]), headers=headers)


def _called(
    desk: Desk, name: str, row: dict[str, Any], folder: Path, **more: Any
) -> tuple[Any, bytes]:
    """A short call that goes on from a plan that is done."""
    if row["kind"] != "plan":
        raise Refused("wrong_state", "only a plan has a flight", key="id", allowed="a plan")
    ident = row["id"]
    return desk.call(name, {"run": ident, **more}, {ident: (ident, str(folder))})


def _file(jobs: Jobs, desk: Desk, ident: str, name: str, *, download: bool) -> Response:
    """A file of a job by its name: only one that stands in the list is made a path."""
    row, folder = jobs.made(ident)
    files = dict(listed_files(row, folder))
    if name not in files:
        raise Refused("not_found", "this job has made no such file", key="name")
    headers = {"cache-control": "no-cache"}
    if name.endswith(".html"):
        headers["content-security-policy"] = _SANDBOX
    if download:
        headers["content-disposition"] = f'attachment; filename="{name}"'
    kind = type_of(name)
    if files[name] is None:  # the report, made now
        content = _called(desk, "report", row, folder)[1]
        return Response(content, media_type=kind, headers=headers)
    return FileResponse(folder / name, media_type=kind, headers=headers)


async def _news(jobs: Jobs, after: int, wait_s: float) -> dict[str, Any]:
    event = asyncio.Event()
    unwatch = jobs.news.watch(asyncio.get_running_loop(), event)
    try:
        found = await asyncio.to_thread(jobs.changes, after)
        if found is None:
            try:
                await asyncio.wait_for(event.wait(), wait_s)
            except TimeoutError:
                pass
            else:
                # What comes in one breath is told in one answer.
                await asyncio.sleep(0.05)
            found = await asyncio.to_thread(jobs.changes, after)
    finally:
        unwatch()
    # Not the revision by now: what has come since we looked would never be told.
    nothing = {"revision": after, "jobs": [], "deleted": [], "reset": False}
    return nothing if found is None else found
