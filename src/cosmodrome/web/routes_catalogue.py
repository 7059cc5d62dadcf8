"""Routes of what is known before anything is asked, and of what is asked while somebody types."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body
from fastapi import Path as InPath

from cosmodrome.web.bounds import within
from cosmodrome.web.commands import command_of
from cosmodrome.web.desk import Desk
from cosmodrome.web.jobs import Jobs
from cosmodrome.web.links import links_of, names_of
from cosmodrome.web.refusals import Refused
from cosmodrome.web.shapes import AskShape, ErrorShape, JobBody, OrbitBody

__all__ = ["catalogue_routes"]

_NAME = r"^[A-Za-z0-9][A-Za-z0-9 ._+-]{0,79}$"
Named = Annotated[str, InPath(pattern=_NAME)]
_MISSING: dict[int | str, dict[str, Any]] = {404: {"model": ErrorShape}}


def catalogue_routes(jobs: Jobs, desk: Desk) -> APIRouter:
    """The routes.

    Parameters
    ----------
    jobs : Jobs
    desk : Desk
    """
    routes = APIRouter(tags=["catalogue"])

    @routes.get("/vehicles")
    def vehicles() -> dict[str, Any]:
        """Launch vehicles, with what a picture to scale needs."""
        return {"vehicles": desk.catalogue()["vehicles"]}

    @routes.get("/vehicles/{name}", responses=_MISSING)
    def vehicle(name: Named) -> dict[str, Any]:
        """Every number of a vehicle with its range and source, as `cosmodrome vehicles NAME`."""
        return _one(desk.catalogue()["vehicle_sheets"], name, "vehicle")

    @routes.get("/sites")
    def sites() -> dict[str, Any]:
        """Launch sites with their corridors and pads."""
        return {"sites": desk.catalogue()["sites"]}

    @routes.get("/sites/{name}", responses=_MISSING)
    def site(name: Named) -> dict[str, Any]:
        """A site with every number's source, as `cosmodrome sites NAME`."""
        return _one(desk.catalogue()["site_sheets"], name, "site")

    @routes.get("/stations")
    def stations() -> dict[str, Any]:
        """Ground stations known by name."""
        return {"stations": desk.catalogue()["stations"]}

    @routes.get("/countries")
    def countries() -> dict[str, Any]:
        """Countries and territories that a drop zone may name."""
        return {"countries": desk.catalogue()["countries"]}

    _live_routes(routes, jobs, desk)
    return routes


def _live_routes(routes: APIRouter, jobs: Jobs, desk: Desk) -> None:
    """What is asked while a form is filled in."""

    @routes.post("/orbit", tags=["live"])
    def orbit(asked: OrbitBody) -> dict[str, Any]:
        """An orbit text as it is understood, and what a site makes of it."""
        try:
            said = asked.model_dump()
            document, _ = desk.call("orbit", said, links_of(jobs.store, said))
        except Refused as refused:
            return _answer(refused)
        return {"ok": True, **document}

    @routes.post("/ask", tags=["live"], response_model=AskShape)
    def ask(body: Annotated[JobBody, Body(discriminator="kind")]) -> dict[str, Any]:
        """Whether a job's question can be used, without working on it."""
        question = body.question.model_dump()
        try:
            within(body.kind, question, jobs.limits)
            desk.ask(body.kind, question)
            command = command_of(body.kind, question, names_of(jobs.store, question))
        except Refused as refused:
            return _answer(refused)
        return {"ok": True, "command": command}


def _answer(refused: Refused) -> dict[str, Any]:
    """A mistake in typing is an answer; anything else is a refusal."""
    if refused.kind != "bad_input":
        raise refused
    return {"ok": False, "error": refused.told}


def _one(sheets: dict[str, Any], name: str, kind: str) -> dict[str, Any]:
    if name not in sheets:
        known = ", ".join(sheets)
        raise Refused("not_found", f"no {kind} is called {name!r}", key=kind, allowed=known)
    found: dict[str, Any] = sheets[name]
    return found
