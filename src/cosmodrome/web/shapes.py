"""The shapes of answers, for the API's own description; documents of results stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, Union, cast

from pydantic import BaseModel, ConfigDict, Field, create_model

from cosmodrome.web import questions

__all__ = [
    "Changes",
    "ErrorShape",
    "FileBody",
    "FileShape",
    "JobBody",
    "JobList",
    "JobShape",
    "OrbitBody",
    "SessionShape",
]


class Told(BaseModel):
    """What went wrong, and how to mend it."""

    kind: str
    message: str
    file: str | None = None
    key: str | None = None
    value: str | None = None
    allowed: str | None = None


class ErrorShape(BaseModel):
    """Every refusal."""

    error: Told


class SessionShape(BaseModel):
    """The server as the page has to know it."""

    version: str
    csrf: str
    port: int
    page_built: bool
    limits: dict[str, float]


class OrbitBody(questions.Asked):
    """An orbit text, and who is to go there from where."""

    orbit: questions.Text
    vehicle: questions.Name | None = None
    vehicle_file: questions.Ident | None = None
    site: questions.SiteName | None = None


_TOLD: Final = {
    "plan": "A plan.",
    "check": "A claim.",
    "map": "A payload map.",
    "passes": "Passes over stations.",
    "eclipses": "Eclipses, or the year's profile.",
    "propagate": "States at even steps.",
    "coverage": "How often places are seen.",
    "repeat": "Orbits whose ground track repeats.",
    "lifetime": "Years until decay.",
    "satellite": "Budgets, and who can launch it.",
    "dropzones": "Where parts come down.",
    "hazard": "Areas to keep clear.",
    "casualty": "Casualty expectation.",
    "disperse": "A flight many times, each a little off.",
    "windows": "When to launch.",
    "screen": "When a launch comes too near something in orbit.",
}
"""Every kind of job, in the words of the API's description."""


class _Body(questions.Asked):
    """What all bodies have in common."""

    kind: str
    question: questions.Asked
    title: questions.Text | None = None


def _body(kind: str) -> type[_Body]:
    """The body of one kind: its question, under its name."""
    asked, named = questions.KINDS[kind], cast("Any", Literal[kind])
    return create_model(
        f"{asked.__name__}Body",
        __base__=_Body,
        __doc__=_TOLD[kind],
        kind=(named, ...),
        question=(asked, ...),
    )


if TYPE_CHECKING:
    JobBody = _Body
else:
    JobBody = Union[tuple(map(_body, questions.KINDS))]  # noqa: UP007 - of as many as there are
    """What is to be worked on."""


class AskShape(BaseModel):
    """Whether a question can be used; `command` where it can, `error` where not."""

    ok: bool
    command: str | None = None
    error: Told | None = None


class Progress(BaseModel):
    """How far a job has come."""

    text: str
    share: float
    elapsed_s: float | None
    left_s: float | None


class FileOfJob(BaseModel):
    """A file of a job; one that is made when it is asked for has no size yet."""

    name: str
    bytes: int | None
    type: str


class JobShape(BaseModel):
    """A job."""

    id: str
    kind: str
    title: str
    state: Literal["queued", "running", "stopping", "done", "refused", "failed", "stopped"]
    outcome: str | None
    question: dict[str, Any]
    command: str
    summary: dict[str, Any]
    error: Told | None
    progress: Progress
    queue_place: int | None
    created_utc: str | None
    started_utc: str | None
    ended_utc: str | None
    files: list[FileOfJob]
    revision: int


class JobList(BaseModel):
    """A page of jobs, the newest first."""

    jobs: list[JobShape]
    total: int
    revision: int


class Changes(BaseModel):
    """What has changed; `reset` says that the list is to be read anew."""

    revision: int
    jobs: list[JobShape]
    deleted: list[str]
    reset: bool


class FileBody(questions.Asked):
    """A file that is handed in: as text, or in base64 where it is none."""

    name: questions.Text
    text: str | None = None
    base64: str | None = None


class FileShape(BaseModel):
    """A file that was handed in, and what it is."""

    model_config = ConfigDict(extra="allow")

    id: str
    name: str
    bytes: int
    form: str
    told: str
    mission: dict[str, Any] | None = None
    vehicle: dict[str, Any] | None = None
    satellites: list[str] | None = None


class FileList(BaseModel):
    """Files that were handed in, the newest first."""

    files: list[FileShape]


class Trajectory(BaseModel):
    """A flight as columns."""

    samples: int
    thinned: bool
    epoch_utc: str | None
    frame: str | None
    columns: dict[str, list[Any]] = Field(description="units stand in the names")
