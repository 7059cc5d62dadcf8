"""A flight as a file of another program: the label, the fit's residual, the covariance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from cosmodrome.errors import InputError
from cosmodrome.io.conversion import Label
from cosmodrome.io.export import FORMS, exported, fitted
from cosmodrome.io.injection import InjectionAccuracy, injection_covariance
from cosmodrome.orbit.elements import elements_from_state
from cosmodrome.orbit.motion import Secular
from cosmodrome.prompt.orbit_source import OrbitSource
from cosmodrome.satellite.flown_orbit import FlownOrbit
from cosmodrome.satellite.manoeuvring import Injection, injection_of
from cosmodrome.world.environment import Environment
from cosmodrome.world.state import State, in_frame

__all__ = ["Export", "export", "named"]

_FITTED: Final = ("omm", "omm-xml", "tle")
_WITH_COVARIANCE: Final = ("oem", "oem-xml", "opm", "opm-xml")
_SIGMAS: Final = 3.0  # that an `Injection` stands for


@dataclass(frozen=True, slots=True)
class Export:
    """The content of a file, and what is to be said of it.

    Parameters
    ----------
    content : bytes
    notes : tuple of str, residual of a fit, source of a covariance
    """

    content: bytes
    notes: tuple[str, ...]


def export(source: OrbitSource, form: str, label: Label, *, frame: str = "EME2000") -> Export:
    """The trajectory of a run folder or a table in a standard form.

    Parameters
    ----------
    source : OrbitSource
    form : str, of `io.export.FORMS`
    label : Label
    frame : str, for OEM and OPM

    Raises
    ------
    InputError
        If the form is not known, or the source has no trajectory.

    Accuracy
    --------
    As `io.export.exported`.
    """
    plain = form.strip().lower()
    if plain not in FORMS:
        raise InputError(
            f"form {form[:20]!r} is not known", key="--format", value=form, allowed=", ".join(FORMS)
        )
    if source.trajectory is None:
        raise InputError(
            f"{source.told}: there is no trajectory in it; propagate it first",
            key="RUN",
            allowed="a run folder, an OEM, CSV or Parquet; or `cosmodrome propagate ... --out`",
        )
    notes: list[str] = []
    covariance = None
    if plain in _WITH_COVARIANCE:
        covariance, told = _covariance(source, source.trajectory.state(-1))
        notes.append(told)
    fit = None
    if plain in _FITTED:
        fit = fitted(source.trajectory.state(-1), label)
        notes += fit.notes()
        if plain == "tle":
            notes.append(
                f"to a TLE's digits {fit.tle_rms_m:.1f} m rms, {fit.tle_max_m:.1f} m at most"
            )
    flight = source.trajectory
    if source.vehicle is not None and plain.startswith("opm"):
        # What is flown to insertion still has the stage on it: no mass of the payload.
        flight = replace(flight, mass_kg=None)
    content = exported(flight, plain, label, covariance_m=covariance, frame=frame, fit=fit)
    return Export(content, tuple(note for note in notes if note))


def _covariance(source: OrbitSource, last: State) -> tuple[tuple[str, Any] | None, str]:
    """From the launcher's published accuracy, where the catalogue has one for such an orbit."""
    printed = None if source.vehicle is None else _injection(source.vehicle, last)
    if printed is None:
        who = source.vehicle or "this file"
        return None, f"no covariance: no injection accuracy for such an orbit is known of {who}"
    accuracy = InjectionAccuracy(
        perigee_m=printed.perigee_m / _SIGMAS,
        apogee_m=printed.apogee_m / _SIGMAS,
        inclination_rad=printed.inclination_rad / _SIGMAS,
    )
    told = (
        f"covariance from the accuracy printed for {printed.orbit} ({printed.source}); "
        "of heights and inclination alone, nothing is printed of the rest"
    )
    return injection_covariance(in_frame(last, "TOD"), accuracy), told


def _injection(vehicle: str, last: State) -> Injection | None:
    from cosmodrome.mission.catalogue import load_vehicle

    state = in_frame(last, "TOD")
    found = elements_from_state(state.r_m, state.v_m_s, Environment().mu_m3_s2)
    if not float(found.eccentricity) < 1.0:
        return None
    radii = float(found.perigee_radius_m), float(found.apogee_radius_m)
    orbit = FlownOrbit(Secular.from_state(state), *radii, float(found.inclination_rad), ())
    try:
        return injection_of(load_vehicle(vehicle), orbit)
    except InputError:
        return None  # a vehicle of the user's own, which no longer stands where it did


def named(source: OrbitSource) -> str:
    """What the object is called in a file, unless said."""
    name = source.satellites[0].name
    return name.upper() if source.vehicle is not None else Path(name).name
