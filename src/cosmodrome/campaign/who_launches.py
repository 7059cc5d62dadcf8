"""Which launchers that fly carry a spacecraft to its orbit, and with what margin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise, product
from math import ceil, degrees, floor
from typing import Any, Final, Literal

from cosmodrome.campaign.calibration import believed
from cosmodrome.campaign.interval import Estimate
from cosmodrome.campaign.launch_screen import most_payload_kg
from cosmodrome.campaign.learnt import calibration_for
from cosmodrome.campaign.map_store import MapStore
from cosmodrome.campaign.payload_map import Cell, MapQuestion
from cosmodrome.campaign.prediction import family_of
from cosmodrome.campaign.progress import Tell, part_of
from cosmodrome.errors import InputError
from cosmodrome.mission.catalogue import (
    VehicleSheet,
    default_pad,
    load_site,
    load_vehicle,
    vehicle_names,
)
from cosmodrome.mission.catalogue.figure import Figure
from cosmodrome.mission.mission_file import make_mission
from cosmodrome.mission.nouns import Environment, Mission, Target
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.satellite.spacecraft import Body

__all__ = [
    "ALTITUDES_KM",
    "INCLINATION_STEP_DEG",
    "Fit",
    "Launcher",
    "around",
    "fit_of",
    "off_maps",
    "payload_between",
    "who_launches",
]

Status = Literal[
    "carries",
    "marginal",
    "too heavy",
    "does not fit",
    "out of reach",
    "at the edge of reach",
    "not converged",
    "not computed",
]

ALTITUDES_KM: Final = (
    *(160.0, 200.0, 250.0, 300.0, 400.0, 500.0, 600.0, 700.0, 800.0),
    *(1000.0, 1200.0, 1500.0, 2000.0),
)
"""Altitudes of the maps; between two of them payload is nearly a straight line."""

INCLINATION_STEP_DEG: Final = 5.0
"""Inclinations of the maps are its multiples; sun-synchronous ones lie in 95 to 105."""

_ORDER: Final[tuple[Status, ...]] = (
    "carries",
    "marginal",
    "at the edge of reach",
    "not computed",
    "not converged",
    "too heavy",
    "does not fit",
    "out of reach",
)


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a stowed spacecraft goes under a fairing.

    Parameters
    ----------
    fits : bool or None, None where nothing is known
    note : str, by which figure it was judged, with its confidence
    """

    fits: bool | None
    note: str


@dataclass(frozen=True, slots=True)
class Launcher:
    """One launcher at one site, for one spacecraft and orbit.

    Parameters
    ----------
    vehicle, site : str
    status : str
        "carries" (also after the correction that other families teach),
        "marginal" (only without it), "too heavy", "does not fit" (the fairing),
        "out of reach" (nothing is carried there), "at the edge of reach"
        (nothing is, at a neighbouring point of the map), "not converged", or
        "not computed" (its map is not built).
    payload_kg : float or None, the optimum of the catalogue's numbers
    margin_kg : float or None, of that, above `needed_kg`
    predicted_kg : float or None, corrected by what other families show
    needed_kg : float, spacecraft and what of its adapter the launcher does not count
    at_most_kg : float, bound by the rocket equation
    notes : tuple of str
    """

    vehicle: str
    site: str
    status: Status
    payload_kg: float | None
    margin_kg: float | None
    predicted_kg: float | None
    needed_kg: float
    at_most_kg: float
    notes: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self)


def who_launches(
    body: Body,
    target: Target,
    *,
    store: MapStore | None = None,
    vehicles: Sequence[str] | None = None,
    build: bool = True,
    workers: int | None = None,
    tell: Tell | None = None,
) -> tuple[Launcher, ...]:
    """The launchers that fly, and how each answers: carries, or why not.

    What does not go under the fairing or is beyond the rocket equation needs no
    map. The others are read between the points of their payload maps, which
    are built where they are not there yet.

    Parameters
    ----------
    body : Body
    target : Target, a circular orbit with an inclination
    store : MapStore or None, in the user's cache folder by default
    vehicles : names or paths of vehicles, or None for all of the catalogue that fly
    build : bool
        False: a map that is not there is left out and said to be.
    workers : int or None, for building; one per core by default
    tell : callable(text, share) or None

    Returns
    -------
    tuple of Launcher
        Those that carry it first, the least margin first: no bigger launcher
        than needed.

    Raises
    ------
    InputError
        An orbit that is not on such a map, or a vehicle that is not known.

    Accuracy
    --------
    Between the points of a map 0.04 % for Electron from Mahia to 550 km, 97.4 deg;
    more where the best ascent changes its kind between two points, and below a
    site's latitude on the safe side. Mean altitudes are read as osculating ones:
    up to 9 km. The optimum itself is judged by `predicted_kg` beside it.
    """
    height, tilt = _orbit(target)
    keep = store or MapStore()
    pairs = [pair for sheet in _sheets(vehicles) for pair in _asked(body, sheet, target)]
    found = []
    for number, (one, mission) in enumerate(pairs):
        share = number / len(pairs)
        if tell is not None:
            tell(f"{one.vehicle} from {one.site}", share)
        if one.status != "not computed":
            found.append(one)
            continue
        question = around(mission, height, tilt)
        cells = keep.cells(question)
        if cells is None and build:
            part, about = None, f"payload map of {one.vehicle} from {one.site}: "
            if tell is not None:
                part = part_of(tell, share, share + 1.0 / len(pairs), about)
            cells = keep.build(question, workers=workers, tell=part)
        found.append(_judged(one, cells, height, tilt))
    return tuple(sorted(found, key=_rank))


def off_maps(target: Target) -> str:
    """Why no map holds an orbit, in words; "" where one does."""
    try:
        _orbit(target)
    except InputError as error:
        return error.message
    return ""


def _orbit(target: Target) -> tuple[float, float]:
    """Altitude in km and inclination in degrees, of an orbit that is on a map."""
    low, high = ALTITUDES_KM[0], ALTITUDES_KM[-1]
    allowed = f"a circular orbit with an inclination, {low:g} to {high:g} km"
    if target.kind != "circular" or target.inclination_rad is None:
        raise InputError(
            "who can launch it is read from maps of circular orbits; for this one ask"
            " `cosmodrome plan` of each vehicle",
            key="orbit",
            value=target.text,
            allowed=allowed,
        )
    altitude = (target.perigee_radius_m - Environment().equatorial_radius_m) / 1e3
    if not low <= altitude <= high:
        raise InputError(
            f"the payload maps do not reach {altitude:g} km",
            key="orbit",
            value=target.text,
            allowed=allowed,
        )
    return altitude, degrees(target.inclination_rad)


def _sheets(vehicles: Sequence[str] | None) -> tuple[VehicleSheet, ...]:
    """The vehicles asked for, or all that fly."""
    if vehicles is None:
        every = (load_vehicle(name) for name in vehicle_names())
        return tuple(sheet for sheet in every if sheet.status == "flying" and sheet.pads)
    named = tuple(load_vehicle(name) for name in vehicles)
    for sheet in named:
        if not sheet.pads:
            raise InputError(
                f"{sheet.name} names no pad of its own",
                file=sheet.file,
                key="pads",
                allowed='pads = ["site/pad"]',
            )
    return named


def _asked(body: Body, sheet: VehicleSheet, target: Target) -> Iterator[tuple[Launcher, Mission]]:
    """A vehicle at each of its sites, with what needs no map."""
    fit = fit_of(body, sheet)
    # A launcher that counts an adapter carries it beside the payload.
    needed = body.mass_kg + max(0.0, body.adapter_kg - sheet.adapter_kg.value)
    for site in dict.fromkeys(pad.partition("/")[0] for pad in sheet.pads):
        mission = make_mission(sheet, load_site(default_pad(sheet, site)), target)
        most = most_payload_kg(mission)
        status: Status = "not computed"
        notes = [fit.note]
        if fit.fits is False:
            status = "does not fit"
        elif most < needed:
            status = "out of reach" if most == 0.0 else "too heavy"
            notes.append("by the rocket equation alone")
        yield (
            Launcher(sheet.name, site, status, None, None, None, needed, most, tuple(notes)),
            mission,
        )


def fit_of(body: Body, sheet: VehicleSheet) -> Fit:
    """Whether a stowed spacecraft goes under a vehicle's fairing.

    Judged by the payload envelope, a cylinder; where that is not published, by
    the fairing's outside, which can only refuse.
    """
    shell = sheet.fairing
    if shell is None:
        return Fit(None, "nothing is known of its fairing")
    wide, wide_note = _within(
        body.diameter_m, shell.envelope_diameter_m, shell.diameter_m, "diameter"
    )
    tall, tall_note = _within(body.length_m, shell.envelope_length_m, shell.length_m, "length")
    both = (wide, tall)
    fits = False if False in both else None if None in both else True
    return Fit(fits, f"fairing: {wide_note}, {tall_note}")


def _within(
    size_m: float, inside: Figure | None, outside: Figure | None, word: str
) -> tuple[bool | None, str]:
    known = inside or outside
    if known is None:
        return None, f"{word} unknown"
    kind = "envelope" if inside is not None else "outside, envelope unpublished"
    note = f"{word} {size_m:g} of {known.value:g} m ({kind}, {known.confidence})"
    if size_m > known.value:
        return False, note
    return (True if inside is not None else None), note


def around(mission: Mission, altitude_km: float, inclination_deg: float) -> MapQuestion:
    """The piece of a vehicle's payload map that an orbit lies in.

    One or two of `ALTITUDES_KM` and of the multiples of `INCLINATION_STEP_DEG`,
    so that neighbouring orbits share it.
    """
    heights = _beside(altitude_km)
    step = INCLINATION_STEP_DEG
    tilts = sorted(
        {step * floor(inclination_deg / step), min(180.0, step * ceil(inclination_deg / step))}
    )
    # A map does not ask for the target; the same one makes equal questions equal.
    fixed = parse_orbit(f"{heights[0]:.15g} km {tilts[-1]:.15g} deg")
    return MapQuestion((replace(mission, target=fixed),), heights, tuple(tilts))


def _beside(altitude_km: float) -> tuple[float, ...]:
    if altitude_km in ALTITUDES_KM:
        return (altitude_km,)
    return next(pair for pair in pairwise(ALTITUDES_KM) if pair[0] <= altitude_km <= pair[1])


def payload_between(
    cells: Sequence[Cell], altitude_km: float, inclination_deg: float
) -> tuple[Status, float | None]:
    """Payload between the points of a map, linear in altitude and in inclination.

    Parameters
    ----------
    cells : sequence of Cell, of one site; the corners of a piece of the map
    altitude_km, inclination_deg : float, inside of it

    Returns
    -------
    (status, payload_kg)
        "carries" with a payload; else why there is none.
    """
    heights = sorted({cell.altitude_km for cell in cells})
    tilts = sorted({cell.inclination_deg for cell in cells})
    at = {(cell.altitude_km, cell.inclination_deg): cell for cell in cells}
    corners = [
        (at[h, i], a * b)
        for (h, a), (i, b) in product(
            _shares(heights, altitude_km), _shares(tilts, inclination_deg)
        )
    ]
    lacking = {cell.status for cell, _ in corners if cell.payload_kg is None}
    if not lacking:
        return "carries", sum(share * (cell.payload_kg or 0.0) for cell, share in corners)
    if lacking != {"infeasible"}:
        return "not converged", None
    nowhere = all(cell.payload_kg is None for cell, _ in corners)
    return ("out of reach" if nowhere else "at the edge of reach"), None


def _shares(values: Sequence[float], wanted: float) -> list[tuple[float, float]]:
    """The one or two values about a wanted one, with their shares of it."""
    low = max((value for value in values if value <= wanted), default=values[0])
    high = min((value for value in values if value >= wanted), default=values[-1])
    if low == high:
        return [(low, 1.0)]
    share = (wanted - low) / (high - low)
    return [(low, 1.0 - share), (high, share)]


def _judged(
    one: Launcher, cells: Sequence[Cell] | None, altitude_km: float, inclination_deg: float
) -> Launcher:
    """A launcher with what its map says."""
    if cells is None:
        return replace(one, notes=(*one.notes, "its payload map is not built"))
    status, payload = payload_between(cells, altitude_km, inclination_deg)
    if payload is None:
        reasons = tuple(sorted({cell.reason for cell in cells if cell.reason}))
        return replace(one, status=status, notes=(*one.notes, *reasons))
    predicted = _predicted(one.vehicle, payload)
    if payload < one.needed_kg:
        status = "too heavy"
    elif predicted is not None and predicted < one.needed_kg:
        status = "marginal"
    return replace(
        one,
        status=status,
        payload_kg=payload,
        margin_kg=payload - one.needed_kg,
        predicted_kg=predicted,
    )


def _predicted(vehicle: str, payload_kg: float) -> float | None:
    """A payload corrected by what other families show; None for a vehicle of one's own."""
    if vehicle not in vehicle_names() or payload_kg <= 0.0:
        return None
    learnt = calibration_for(family_of(load_vehicle(vehicle)))
    if learnt.kind != "factor":
        # By velocity takes partials, which a map has not.
        return None
    return believed(Estimate(payload_kg), learnt).median_kg


def _rank(one: Launcher) -> tuple[int, float, str, str]:
    margin = one.margin_kg if one.margin_kg is not None else one.at_most_kg
    return _ORDER.index(one.status), margin, one.vehicle, one.site
