"""Whatever needs many plans at once; the main job among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cosmodrome.campaign.answer import Answer
    from cosmodrome.campaign.plan import PlanOptions, plan_mission

__all__ = ["Answer", "PlanOptions", "plan_mission"]

_HOME = {"Answer": "answer", "PlanOptions": "plan", "plan_mission": "plan"}


def __getattr__(name: str) -> Any:
    # Loaded on first use: not all of the room needs the optimiser.
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"cosmodrome.campaign.{_HOME[name]}"), name)
