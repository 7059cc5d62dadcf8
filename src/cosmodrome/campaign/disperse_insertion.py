"""How accurately a launcher injects: what it publishes or the user says, never a flight of ours.

An open-loop flight says nothing of insertion, which is what guidance is for.
"""

from __future__ import annotations

from dataclasses import fields
from math import degrees
from typing import Any, Final

from cosmodrome.errors import InputError
from cosmodrome.io.injection import InjectionAccuracy, injection_covariance
from cosmodrome.mission.catalogue import load_vehicle
from cosmodrome.orbit.elements import elements_from_state
from cosmodrome.orbit.motion import Secular
from cosmodrome.satellite.flown_orbit import FlownOrbit
from cosmodrome.satellite.manoeuvring import Injection, injection_of
from cosmodrome.world.environment import Environment
from cosmodrome.world.state import State

__all__ = ["insertion", "published_accuracy"]

_SIGMAS: Final = 3.0  # that an `Injection` stands for


def published_accuracy(vehicle: str, state: State) -> tuple[InjectionAccuracy, Injection] | None:
    """A launcher's published accuracy for the kind of orbit a state is on.

    Parameters
    ----------
    vehicle : str, its name in the catalogue
    state : State at insertion, true of date

    Returns
    -------
    (InjectionAccuracy, Injection) or None
        One standard deviation, and what it was made from, with its source; None where
        none is known.
    """
    found = elements_from_state(state.r_m, state.v_m_s, Environment().mu_m3_s2)
    if not float(found.eccentricity) < 1.0:
        return None
    radii = float(found.perigee_radius_m), float(found.apogee_radius_m)
    orbit = FlownOrbit(Secular.from_state(state), *radii, float(found.inclination_rad), ())
    try:
        printed = injection_of(load_vehicle(vehicle), orbit)
    except InputError:
        return None  # a vehicle of the user's own, or one that the catalogue no longer has
    if printed is None:
        return None
    accuracy = InjectionAccuracy(
        perigee_m=printed.perigee_m / _SIGMAS,
        apogee_m=printed.apogee_m / _SIGMAS,
        inclination_rad=printed.inclination_rad / _SIGMAS,
    )
    return accuracy, printed


def insertion(
    vehicle: str, state: State, stated: InjectionAccuracy | None = None
) -> dict[str, Any]:
    """The covariance at insertion, for JSON.

    Parameters
    ----------
    vehicle : str
    state : State at insertion, true of date
    stated : InjectionAccuracy or None, the user's own

    Returns
    -------
    dict
        `covariance`, null where nobody says how accurate it is, with `axes` and a
        6 by 6 `matrix` in m2, m2/s, m2/s2; `source`; `sigma`.
    """
    accuracy, source = stated, "stated with the question"
    if accuracy is None:
        known = published_accuracy(vehicle, state)
        if known is None:
            why = "no injection accuracy is published for such an orbit, none was stated"
            return {"covariance": None, "source": why, "sigma": None}
        accuracy, printed = known
        source = f"printed for {printed.orbit}: {printed.source}"
    try:
        axes, matrix = injection_covariance(state, accuracy)
    except InputError as error:
        return {"covariance": None, "source": f"{source}; {error.message}", "sigma": None}
    return {
        "covariance": {"axes": axes, "matrix": matrix.tolist()},
        "source": source,
        "sigma": _sigma(accuracy),
    }


def _sigma(accuracy: InjectionAccuracy) -> dict[str, float]:
    """Standard deviations as doors show them; what is zero is not known."""
    told: dict[str, float] = {}
    for one in fields(accuracy):
        value = getattr(accuracy, one.name)
        if value > 0.0:
            name = one.name.replace("_rad", "_deg").replace("_m", "_km")
            told[name] = degrees(value) if one.name.endswith("_rad") else value / 1e3
    return told
