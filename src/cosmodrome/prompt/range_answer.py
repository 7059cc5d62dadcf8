"""The range and the clock of a plan in one go: drop zones, casualties, windows, screening."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cosmodrome.campaign.progress import Tell
from cosmodrome.io.hazard_files import PLANNING_AID
from cosmodrome.prompt.naming import keys_named
from cosmodrome.report.charts import Chart
from cosmodrome.report.folder import write_run_folder

if TYPE_CHECKING:
    from cosmodrome.campaign.answer import Answer
    from cosmodrome.prompt.casualty import CasualtyAnswer
    from cosmodrome.prompt.dropzones import DropZones

__all__ = ["RangeAsked", "RangeFound", "with_range"]


_ANY_INSTANT: Final = (
    "the target leaves its node free: any instant does; "
    "give the orbit a node (raan 120) or a local time (ltan 10:30)"
)


@dataclass(frozen=True, slots=True)
class RangeAsked:
    """What is wanted beside a plan.

    Parameters
    ----------
    safety : bool, drop zones and casualty expectation
    windows : bool, when to launch
    catalogue : path or None, of objects in orbit that the ascent is screened against
    days : float, of the calendar of windows
    minutes : float, of the window that is screened, from the lift-off on
    """

    safety: bool = False
    windows: bool = False
    catalogue: str | None = None
    days: float = 7.0
    minutes: float = 120.0

    @property
    def anything(self) -> bool:
        """Whether anything is wanted at all."""
        return self.safety or self.windows or self.catalogue is not None


@dataclass(frozen=True, slots=True, eq=False)
class RangeFound:
    """What was found, each None where it was not asked for.

    Parameters
    ----------
    dropzones : DropZones
    casualty : CasualtyAnswer
    windows : dict, the document of `cosmodrome windows`
    screening : dict, the document of `cosmodrome screen`
    """

    dropzones: DropZones | None = None
    casualty: CasualtyAnswer | None = None
    windows: dict[str, Any] | None = None
    screening: dict[str, Any] | None = None

    def document(self) -> dict[str, Any]:
        """What stands in the plan's own document."""
        found: dict[str, Any] = {}
        if self.dropzones is not None and self.casualty is not None:
            found["safety"] = {
                "note": PLANNING_AID,
                "dropzones": self.dropzones.document,
                "casualty": self.casualty.document,
            }
        if self.windows is not None:
            found["windows"] = self.windows
        if self.screening is not None:
            found["screening"] = self.screening
        return found

    def report(self) -> tuple[list[str], list[Chart]]:
        """Sections and charts for the report of the plan."""
        from cosmodrome.report.safety_page import safety_parts
        from cosmodrome.report.screen_page import screen_sections
        from cosmodrome.report.window_page import window_charts, window_sections

        parts = safety_parts(
            dropzones=None if self.dropzones is None else self.dropzones.document,
            casualty=None if self.casualty is None else self.casualty.document,
            assessment=None if self.casualty is None else self.casualty.assessment,
        )
        sections, charts = list(parts.sections), list(parts.charts)
        if self.windows is not None and "ways" in self.windows:
            drawn = window_charts(self.windows)
            sections += window_sections(self.windows, drawn)
            charts += drawn
        if self.screening is not None:
            sections += screen_sections(self.screening)
        return sections, charts


def with_range(
    answer: Answer, asked: RangeAsked, folder: Path | None, tell: Tell
) -> tuple[Answer, RangeFound]:
    """A plan's answer with what the range and the clock say of it.

    Parameters
    ----------
    answer : Answer, with a payload; another one comes back as it is
    asked : RangeAsked
    folder : Path or None, the run folder, if the answer is kept
    tell : callable(text, share)

    Returns
    -------
    (Answer, RangeFound)

    Raises
    ------
    InputError
        As `dropzones`, `windows` and `screened`.
    """
    if answer.status != "optimal" or not asked.anything:
        return answer, RangeFound()
    if folder is not None:
        write_run_folder(answer, folder)
        found = _found(folder, asked, tell)
    else:
        with tempfile.TemporaryDirectory(prefix="cosmodrome-") as spare:
            write_run_folder(answer, Path(spare))
            found = _found(Path(spare), asked, tell)
    return replace(answer, document=answer.document | found.document()), found


def _found(run: Path, asked: RangeAsked, tell: Tell) -> RangeFound:
    found = RangeFound()
    if asked.safety:
        from cosmodrome.prompt.casualty import casualty
        from cosmodrome.prompt.dropzones import dropzones

        found = replace(found, dropzones=dropzones(run, progress=tell))
        found = replace(found, casualty=casualty(run, progress=tell))
    if asked.windows:
        found = replace(found, windows=_windows(run, asked, tell))
    if asked.catalogue is not None:
        from cosmodrome.prompt.orbit_source import orbit_source
        from cosmodrome.prompt.screen import Question, screened

        question = Question(asked.catalogue, minutes=asked.minutes)
        found = replace(found, screening=screened(orbit_source(run), question, tell=tell))
    return found


def _windows(run: Path, asked: RangeAsked, tell: Tell) -> dict[str, Any]:
    from cosmodrome.mission.mission_file import load_mission
    from cosmodrome.prompt.windows import windows

    target = load_mission(run / "mission.toml").target
    if target.raan_rad is None and target.local_time is None:
        return {"windows": [], "notes": [_ANY_INSTANT]}
    with keys_named("--windows", in_files=True):
        return windows(run, days=asked.days, progress=tell)
