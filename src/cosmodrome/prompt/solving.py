"""One mission planned as it was asked for: the only place of the doors that calls the planner."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from cosmodrome.campaign.answer import Answer
    from cosmodrome.mission.nouns import Mission

__all__ = ["BESIDE", "DRAWN", "draws_journal", "solved"]

Tell = Callable[[str, float], None]

DRAWN: Final = ("samples", "seed")
"""Options that say what an interval is drawn from."""

BESIDE: Final = ("cluster", "journal")
"""Options that belong to an interval and change nothing of it."""


def solved(mission: Mission, asked: Mapping[str, Any], tell: Tell) -> Answer:
    """The answer to a mission.

    Parameters
    ----------
    mission : Mission
    asked : mapping
        The options of `plan` by name, those not said left out or None, and the
        sheet of the vehicle where it has one. For the draws of an interval, `cluster`
        is the scheduler whose workers do them, and `journal` a path where they are
        kept as they finish.
    tell : callable(text, share done)

    Returns
    -------
    Answer
    """
    from cosmodrome.campaign import PlanOptions, plan_mission
    from cosmodrome.campaign.plan_interval import Draws, completed, plan_with_interval
    from cosmodrome.prompt import told_in_full
    from cosmodrome.verify.judge import Tolerances

    wanted = {
        "position_m": asked.get("position_tolerance_m"),
        "velocity_m_s": asked.get("velocity_tolerance_m_s"),
    }
    options = PlanOptions(
        tolerances=Tolerances(**{k: v for k, v in wanted.items() if v is not None}),
        mesh_check=bool(asked.get("mesh_check")),
        independent=bool(asked.get("other_starts")),
        command=asked.get("command"),
        workers=asked.get("workers"),
    )
    sheet = asked.get("sheet")
    if asked.get("interval"):
        draws = Draws(**{name: asked[name] for name in DRAWN if asked.get(name) is not None})
        answer = plan_with_interval(
            mission,
            sheet,
            options,
            draws=draws,
            workers=asked.get("workers"),
            cluster=asked.get("cluster"),
            journal=asked.get("journal"),
            progress=tell,
        )
    else:
        answer = completed(plan_mission(mission, options, progress=tell), mission, sheet)
    return told_in_full(answer, sheet)


def draws_journal(folder: Path, mission: Mission, asked: Mapping[str, Any]) -> Path:
    """Where the draws of a question are kept in a folder: another question never meets them.

    Parameters
    ----------
    folder : Path
    mission : Mission
    asked : mapping, as `solved` takes it

    Returns
    -------
    Path
    """
    from cosmodrome.mission.mission_file import mission_toml
    from cosmodrome.runs import stamp_of

    sheet = asked.get("sheet")
    ranges = "" if sheet is None else repr(sheet.document())
    stamp = stamp_of(mission_toml(mission), ranges, str(asked.get("seed")))
    return folder / f".draws.{stamp[:12]}.journal"
