"""The shapes of answers, for the API's own description; documents of results stay as they are."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from cosmodrome.web import questions

__all__ = [
    "AskBody",
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


class PlanBody(questions.Asked):
    """A plan."""

    kind: Literal["plan"]
    question: questions.Plan
    title: questions.Text | None = None


class CheckBody(questions.Asked):
    """A claim."""

    kind: Literal["check"]
    question: questions.Check
    title: questions.Text | None = None


class MapBody(questions.Asked):
    """A payload map."""

    kind: Literal["map"]
    question: questions.Map
    title: questions.Text | None = None


class PassesBody(questions.Asked):
    """Passes over stations."""

    kind: Literal["passes"]
    question: questions.Passes
    title: questions.Text | None = None


class EclipsesBody(questions.Asked):
    """Eclipses, or the year's profile."""

    kind: Literal["eclipses"]
    question: questions.Eclipses
    title: questions.Text | None = None


class PropagateBody(questions.Asked):
    """States at even steps."""

    kind: Literal["propagate"]
    question: questions.Propagate
    title: questions.Text | None = None


class CoverageBody(questions.Asked):
    """How often places are seen."""

    kind: Literal["coverage"]
    question: questions.Coverage
    title: questions.Text | None = None


class RepeatBody(questions.Asked):
    """Orbits whose ground track repeats."""

    kind: Literal["repeat"]
    question: questions.Repeat
    title: questions.Text | None = None


class LifetimeBody(questions.Asked):
    """Years until decay."""

    kind: Literal["lifetime"]
    question: questions.Lifetime
    title: questions.Text | None = None


class SatelliteBody(questions.Asked):
    """Budgets, and who can launch it."""

    kind: Literal["satellite"]
    question: questions.Satellite
    title: questions.Text | None = None


class DropzonesBody(questions.Asked):
    """Where parts come down."""

    kind: Literal["dropzones"]
    question: questions.Dropzones
    title: questions.Text | None = None


class HazardBody(questions.Asked):
    """Areas to keep clear."""

    kind: Literal["hazard"]
    question: questions.Hazard
    title: questions.Text | None = None


class CasualtyBody(questions.Asked):
    """Casualty expectation."""

    kind: Literal["casualty"]
    question: questions.Casualty
    title: questions.Text | None = None


class DisperseBody(questions.Asked):
    """A flight many times, each a little off."""

    kind: Literal["disperse"]
    question: questions.Disperse
    title: questions.Text | None = None


class WindowsBody(questions.Asked):
    """When to launch."""

    kind: Literal["windows"]
    question: questions.Windows
    title: questions.Text | None = None


class ScreenBody(questions.Asked):
    """When a launch comes too near something in orbit."""

    kind: Literal["screen"]
    question: questions.Screen
    title: questions.Text | None = None


JobBody = (
    PlanBody
    | CheckBody
    | MapBody
    | PassesBody
    | EclipsesBody
    | PropagateBody
    | CoverageBody
    | RepeatBody
    | LifetimeBody
    | SatelliteBody
    | DropzonesBody
    | HazardBody
    | CasualtyBody
    | DisperseBody
    | WindowsBody
    | ScreenBody
)
"""What is to be worked on."""

AskBody = JobBody


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
