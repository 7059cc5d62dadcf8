"""Work for many hands: missions close to a known optimum, optimised again from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from cosmodrome.ascent.attempt import Attempt, Workshop
from cosmodrome.mission.nouns import Mission
from cosmodrome.runs import Outcome

__all__ = ["Neighbours"]


@dataclass(slots=True)
class Neighbours:
    """The work of one worker: a mission in, its largest payload out.

    It can be sent to another machine: what is built from a problem stays behind,
    and is built there again, the same.

    Parameters
    ----------
    best : Attempt, the known optimum; every mission starts from it and from nothing else
    workshop : Workshop, built problems: its own, made for solving one of them many times
    """

    best: Attempt
    workshop: Workshop = field(default_factory=partial(Workshop, many=True))

    def __call__(self, asked: Mission, _before: bytes | None) -> Outcome:
        """Optimise a neighbour; None where no flight is found."""
        again = self.workshop.nearby(asked, self.best)
        return Outcome(again.worth if again.solution.status == "solved" else None)

    def __getstate__(self) -> dict[str, Any]:
        """What is sent to another machine."""
        return {"best": self.best}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.best, self.workshop = state["best"], Workshop(many=True)
