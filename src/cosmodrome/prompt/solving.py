"""One mission planned as it was asked for: the only place of the doors that calls the planner."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from cosmodrome.campaign import PlanOptions
    from cosmodrome.campaign.answer import Answer
    from cosmodrome.campaign.plan_interval import Draws
    from cosmodrome.campaign.progress import Tell
    from cosmodrome.mission.nouns import Mission

__all__ = ["BESIDE", "DRAWN", "draws_journal", "solved"]


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
    from cosmodrome.campaign import plan_mission
    from cosmodrome.campaign.plan_interval import completed, plan_with_interval
    from cosmodrome.prompt import told_in_full

    options = _options(asked)
    sheet = asked.get("sheet")
    if asked.get("interval"):
        answer = plan_with_interval(
            mission,
            sheet,
            options,
            draws=_draws(asked),
            workers=asked.get("workers"),
            cluster=asked.get("cluster"),
            journal=asked.get("journal"),
            progress=tell,
        )
    else:
        answer = completed(plan_mission(mission, options, progress=tell), mission, sheet)
    return told_in_full(answer, sheet)


def _options(asked: Mapping[str, Any]) -> PlanOptions:
    from cosmodrome.campaign import PlanOptions
    from cosmodrome.verify.judge import Tolerances

    wanted = {
        "position_m": asked.get("position_tolerance_m"),
        "velocity_m_s": asked.get("velocity_tolerance_m_s"),
    }
    return PlanOptions(
        tolerances=Tolerances(**{k: v for k, v in wanted.items() if v is not None}),
        mesh_check=bool(asked.get("mesh_check")),
        independent=bool(asked.get("other_starts")),
        command=asked.get("command"),
        workers=asked.get("workers"),
    )


def _draws(asked: Mapping[str, Any]) -> Draws:
    from cosmodrome.campaign.plan_interval import Draws

    return Draws(**{name: asked[name] for name in DRAWN if asked.get(name) is not None})


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
    from cosmodrome.campaign.sampling import sampling_stamp

    # Which optimum the draws start from is not known yet, but what decides it is.
    options = _options(asked)
    decided = (repr(options.tolerances), repr(options.independent))
    stamp = sampling_stamp(mission, asked.get("sheet"), _draws(asked).seed, *decided)
    return folder / f".draws.{stamp[:12]}.journal"
