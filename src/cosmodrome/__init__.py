"""cosmodrome: how much a rocket carries to an orbit, how it flies there, and the proof.

>>> import cosmodrome as cd
>>> answer = cd.plan("angara-1.2", "vostochny", "200 km 51.7 deg")  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cosmodrome.campaign import PlanOptions
    from cosmodrome.campaign.plan_interval import Draws
    from cosmodrome.errors import CosmodromeError, InputError
    from cosmodrome.flight.vehicle import Vehicle
    from cosmodrome.io.recognise import Reading
    from cosmodrome.mission.catalogue import (
        PublishedPayload,
        SiteSheet,
        VehicleSheet,
        load_site,
        load_vehicle,
        published_payloads,
        site_names,
        vehicle_names,
    )
    from cosmodrome.mission.catalogue.keeping import KeptBack
    from cosmodrome.mission.mission_file import load_mission, make_mission, mission_toml
    from cosmodrome.mission.nouns import Environment, Limits, Mission, Site, Target, Wind
    from cosmodrome.mission.orbit_text import parse_orbit
    from cosmodrome.orbit.passes import Passes
    from cosmodrome.prompt import Answer, passes, plan, propagate, read
    from cosmodrome.verify.judge import Tolerances
    from cosmodrome.world.state import Trajectory

    __version__: str

__all__ = [
    "Answer",
    "CosmodromeError",
    "Draws",
    "Environment",
    "InputError",
    "KeptBack",
    "Limits",
    "Mission",
    "Passes",
    "PlanOptions",
    "PublishedPayload",
    "Reading",
    "Site",
    "SiteSheet",
    "Target",
    "Tolerances",
    "Trajectory",
    "Vehicle",
    "VehicleSheet",
    "Wind",
    "__version__",
    "load_mission",
    "load_site",
    "load_vehicle",
    "make_mission",
    "mission_toml",
    "parse_orbit",
    "passes",
    "plan",
    "propagate",
    "published_payloads",
    "read",
    "site_names",
    "vehicle_names",
]

_CATALOGUE = "mission.catalogue"
_NOUNS = "mission.nouns"
_HOME = {
    "Answer": "prompt",
    "CosmodromeError": "errors",
    "Draws": "campaign.plan_interval",
    "Environment": _NOUNS,
    "InputError": "errors",
    "KeptBack": "mission.catalogue.keeping",
    "Limits": _NOUNS,
    "Mission": _NOUNS,
    "Passes": "orbit.passes",
    "PlanOptions": "campaign",
    "PublishedPayload": _CATALOGUE,
    "Reading": "io.recognise",
    "Site": _NOUNS,
    "SiteSheet": _CATALOGUE,
    "Target": _NOUNS,
    "Tolerances": "verify.judge",
    "Trajectory": "world.state",
    "Vehicle": "flight.vehicle",
    "VehicleSheet": _CATALOGUE,
    "Wind": _NOUNS,
    "load_mission": "mission.mission_file",
    "load_site": _CATALOGUE,
    "load_vehicle": _CATALOGUE,
    "make_mission": "mission.mission_file",
    "mission_toml": "mission.mission_file",
    "parse_orbit": "mission.orbit_text",
    "passes": "prompt",
    "plan": "prompt",
    "propagate": "prompt",
    "published_payloads": _CATALOGUE,
    "read": "prompt",
    "site_names": _CATALOGUE,
    "vehicle_names": _CATALOGUE,
}


def __getattr__(name: str) -> Any:
    # Each name is loaded when it is first used, so that importing the package is quick.
    from importlib import import_module

    if name == "__version__":
        value: Any = import_module("cosmodrome.version").VERSION
    elif name in _HOME:
        value = getattr(import_module(f"cosmodrome.{_HOME[name]}"), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
