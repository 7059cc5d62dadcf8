"""A flown trajectory in any of the forms we write, as the bytes of a file."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.io.conversion import Label, oem_of, opm_of
from cosmodrome.io.drawing import czml_text, geojson_text, kml_text
from cosmodrome.io.mean_elements import omm_of
from cosmodrome.io.oem_text import oem_kvn, oem_xml
from cosmodrome.io.parameters import kvn_text, xml_text
from cosmodrome.io.sgp4_fit import Fit, fit_sgp4
from cosmodrome.io.tables import csv_text, parquet_bytes
from cosmodrome.io.tle import tle_of, tle_text
from cosmodrome.orbit.arc import oblate_step
from cosmodrome.orbit.elements import elements_from_state
from cosmodrome.world.environment import Environment
from cosmodrome.world.frames import rotation
from cosmodrome.world.state import State, Trajectory

__all__ = ["FORMS", "coasted", "exported", "fitted"]

Array = NDArray[np.float64]
FORMS: Final = (
    "oem", "oem-xml", "opm", "opm-xml", "omm", "omm-xml", "tle",
    "czml", "kml", "geojson", "csv", "parquet",
)  # fmt: skip
_DAY_S = 86400.0
_LOWEST_M = 100e3


def exported(
    trajectory: Trajectory,
    form: str,
    label: Label,
    *,
    covariance_m: tuple[str, Array] | None = None,
    frame: str = "EME2000",
    bstar: float = 0.0,
    fit: Fit | None = None,
) -> bytes:
    """A trajectory as the content of a file.

    Parameters
    ----------
    trajectory : Trajectory
        An OPM, OMM or TLE is of its last state; OMM and TLE come from a fit of
        SGP4 to a day's coast from there, with the residual in the comments.
    form : str, of `FORMS`
    label : Label, what the file says of the object
    covariance_m : (frame, array of shape (6, 6)) or None, of the last state, for
        OEM and OPM
    frame : str, for OEM and OPM
    bstar : float, per Earth radius, for OMM and TLE; a coast without drag has none
    fit : Fit or None, of `fitted` where it is known already; made here by default

    Returns
    -------
    bytes

    Raises
    ------
    InputError
        If the form is not known, or the trajectory has none of that form: an
        orbit that comes down or leaves has no TLE.

    Accuracy
    --------
    As the writer of each form.
    """
    plain = form.strip().lower()
    if plain not in FORMS:
        raise InputError(
            f"form {form[:20]!r} is not known", key="--format", value=form, allowed=", ".join(FORMS)
        )
    if not len(trajectory):
        raise InputError("the trajectory is empty", key="trajectory", value=0)
    if plain == "parquet":
        return parquet_bytes(trajectory)
    if plain in ("omm", "omm-xml", "tle"):
        found = fit or fitted(trajectory.state(-1), label, bstar=bstar)
        return _elements_text(plain, found, label).encode()
    drawn: dict[str, Callable[[], str]] = {
        "czml": lambda: czml_text(trajectory, label.name),
        "kml": lambda: kml_text(trajectory, label.name),
        "geojson": lambda: geojson_text(trajectory),
        "csv": lambda: csv_text(trajectory),
    }
    if plain in drawn:
        return drawn[plain]().encode()
    as_xml = plain.endswith("-xml")
    if plain.startswith("oem"):
        oem = oem_of(trajectory, label, frame=frame, covariance_m=covariance_m)
        return (oem_xml if as_xml else oem_kvn)(oem).encode()
    mass = None if trajectory.mass_kg is None else float(trajectory.mass_kg[-1])
    opm = opm_of(trajectory.state(-1), label, frame=frame, mass_kg=mass, covariance_m=covariance_m)
    return (xml_text if as_xml else kvn_text)(opm).encode()


def _elements_text(form: str, fit: Fit, label: Label) -> str:
    if form == "tle":
        return tle_text([tle_of(fit.elements)])
    omm = omm_of(fit.elements, label.created, originator=label.originator, notes=fit.notes())
    return kvn_text(omm) if form == "omm" else xml_text(omm)


def fitted(state: State, label: Label, *, bstar: float = 0.0, span_s: float = _DAY_S) -> Fit:
    """SGP4's mean elements for an injection: fitted to the coast that follows it.

    Parameters
    ----------
    state : State
    label : Label, for name and designator
    bstar : float, per Earth radius
    span_s : float, how long a coast

    Raises
    ------
    InputError
        If the orbit is open or comes below 100 km.

    Accuracy
    --------
    The residual is in the answer: in low orbit some 10 m, from what J2 to J4
    and SGP4's own shortened theory leave out of each other. For periods above
    225 minutes SGP4 has Sun and Moon in it and the coast has not: 6 km on a
    transfer orbit. `fit_sgp4` takes any better trajectory.
    """
    body = coasted(state, span_s)
    return fit_sgp4(body, bstar=bstar, name=label.name, designator=label.designator)


def coasted(state: State, span_s: float, environment: Environment | None = None) -> Trajectory:
    """The coast after a state, under the zonal harmonics of the environment.

    Parameters
    ----------
    state : State
    span_s : float
    environment : Environment or None, WGS 84 with J2 to J4 by default

    Returns
    -------
    Trajectory
        GCRF, about 36 states a revolution.

    Raises
    ------
    InputError
        If the orbit is open or its perigee is below 100 km.

    Accuracy
    --------
    Tesserals, drag, Sun and Moon are left out: about 1 km in a day at 500 km.
    """
    earth = Environment() if environment is None else environment
    # The zonals refer to the true pole, held where it is at the start.
    axes = rotation(state.frame, "TOD", state.epoch)
    if state.frame == "ITRF":
        raise InputError("a coast needs a frame that does not turn", key="frame", value="ITRF")
    r, v = axes @ state.r_m, axes @ state.v_m_s
    found = elements_from_state(r, v, earth.mu_m3_s2)
    perigee = float(found.perigee_radius_m) - earth.equatorial_radius_m
    if not float(found.eccentricity) < 1.0 or perigee < _LOWEST_M:
        raise InputError(
            f"an orbit with its perigee at {perigee / 1e3:.0f} km has no mean elements",
            key="trajectory",
            value=round(perigee),
            allowed="a closed orbit above 100 km",
        )
    period = 2.0 * math.pi * math.sqrt(float(found.semi_major_axis_m) ** 3 / earth.mu_m3_s2)
    # Steps that are short enough where an eccentric orbit is fastest.
    fastest = period * (1.0 - float(found.eccentricity)) ** 1.5
    steps = math.ceil(span_s / (fastest / 36.0))
    places = [(r, v)]
    for _ in range(steps):
        places.append(oblate_step(*places[-1], span_s / steps, earth))
    back = rotation("TOD", "GCRF", state.epoch)
    r_m, v_m_s = (np.array([np.asarray(p[k]).ravel() for p in places]) @ back.T for k in (0, 1))
    return Trajectory(state.epoch, "GCRF", np.linspace(0.0, span_s, steps + 1), r_m, v_m_s)
