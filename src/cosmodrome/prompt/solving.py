"""One mission planned as it was asked for: the only place of the doors that calls the planner."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from cosmodrome.campaign.answer import Answer
    from cosmodrome.mission.nouns import Mission

__all__ = ["DRAWN", "solved"]

Tell = Callable[[str, float], None]

DRAWN: Final = ("samples", "seed")
"""Options that belong to an interval."""


def solved(mission: Mission, asked: Mapping[str, Any], tell: Tell) -> Answer:
    """The answer to a mission.

    Parameters
    ----------
    mission : Mission
    asked : mapping
        The options of `plan` by name, those not said left out or None, and the
        sheet of the vehicle where it has one; `journal`, a path or None, keeps the
        draws of an interval as they finish.
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
    )
    sheet = asked.get("sheet")
    if asked.get("interval"):
        draws = Draws(**{name: asked[name] for name in DRAWN if asked.get(name) is not None})
        journal = asked.get("journal")
        answer = plan_with_interval(
            mission, sheet, options, draws=draws, journal=journal, progress=tell
        )
    else:
        answer = completed(plan_mission(mission, options, progress=tell), mission, sheet)
    return told_in_full(answer, sheet)
