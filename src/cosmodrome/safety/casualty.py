"""Casualty expectation of an ascent by the open recipe of 14 CFR 420, appendix C.

How many people are expected to be hurt by a launch that may fail: over every
populated area in the corridor, the probability that the vehicle comes down
there, times the area in which it hurts, times the people per area. It is a
rule of the United States for choosing a launch site and a planning figure for
everybody else: planning aid, not a licence analysis.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.safety.casualty_cells import Cells, within_totals
from cosmodrome.safety.corridor import NAUTICAL_MILE_M, Corridor, VehicleClass, placed, within
from cosmodrome.safety.trace import ImpactTrace

__all__ = [
    "FAILURE_PROBABILITY",
    "FLIGHT_S",
    "LIMIT",
    "Casualty",
    "Laid",
    "Phase",
    "Ramp",
    "by_phase",
    "by_table",
    "by_time",
    "casualty",
    "casualty_area_m2",
    "impact_probability",
    "lay",
]

Array = NDArray[np.float64]
Ramp = Callable[[Corridor], Array]
"""Probability of having failed by each node of a corridor's trace; it never falls."""

LIMIT: Final = 1e-4
"""Expected casualties a launch point may not exceed: 14 CFR 420.25(b), one digit since
81 FR 47027 (20 July 2016)."""

FAILURE_PROBABILITY: Final = 0.10
"""Of any guided expendable vehicle, 14 CFR 420 appendix C (b)(3)."""

FLIGHT_S: Final = 643.0
"""The constant C of equation C1: how long the recipe lets a vehicle fly."""

_RATE_NM_S: Final = (0.75, 1.73, 4.25, 8.85, 19.75, 42.45, 84.85, 154.95)
_RATE_TO_NM: Final = (75.0, 300.0, 900.0, 1700.0, 2600.0, 3500.0, 4500.0, 5250.0)
"""Table C-2: speed of the impact point over the ground up to a range, nautical miles."""

_MILE_M: Final = 1609.344
_AREA_SQ_MI: Final = {
    "small": (3.14e-2, 2.47e-2, 3.01e-4),
    "medium": (1.28e-1, 2.98e-2, 5.52e-3),
    "medium-large": (4.71e-2, 9.82e-3, 7.75e-3),
    "large": (8.59e-2, 2.45e-2, 1.14e-2),
}
"""Table C-3: effective casualty area in square miles at impact ranges of 0-49, 50-1749 and
1750-5000 nautical miles. Quoted from memory; looked for in public copies of the appendix in
November 2026, of which only paragraphs (a) and (b) were found: check before relying on it."""
_AREA_FROM_NM: Final = (50.0, 1750.0)

_ROUND_M: Final = 6378e3
_FINEST: Final = 64
"""An area is cut into at most so many rows and columns."""


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of flight and the probability that it fails, even over its time under power."""

    name: str
    start_s: float
    stop_s: float
    probability: float


@dataclass(frozen=True, slots=True, eq=False)
class Casualty:
    """What each populated area of a corridor adds.

    Parameters
    ----------
    cells : Cells, those with a share in the corridor
    index : array of int, shape (n,), their places among the cells given
    inside : array, shape (n,), share of each that lies in the corridor
    dwell_p, across_p : array, shape (n,)
        Probability of failing while the impact point is abreast of the area, and
        that it then comes down so far aside; means over pieces.
    impact_p : array, shape (n,), probability of impact in the area, P_i
    casualty_area_m2 : array, shape (n,), A_c
    low, high : array, shape (n,), expected casualties, E_c
    t_s, range_m : array, shape (n,), when and at what range of the impact point
    failure_p : float, of the whole corridor
    held : tuple of str, countries whose high count was held to `Cells.most`
    """

    cells: Cells
    index: NDArray[np.int64]
    inside: Array
    dwell_p: Array
    across_p: Array
    impact_p: Array
    casualty_area_m2: Array
    low: Array
    high: Array
    t_s: Array
    range_m: Array
    failure_p: float
    held: tuple[str, ...] = ()

    @property
    def total(self) -> tuple[float, float]:
        """Expected casualties, low and high."""
        return math.fsum(self.low.tolist()), math.fsum(self.high.tolist())


# ---------------------------------------------------------------- the recipe's factors


def casualty_area_m2(range_m: Array, kind: VehicleClass) -> Array:
    """Effective casualty area of a class at a range of the impact point, table C-3."""
    step = np.searchsorted(np.array(_AREA_FROM_NM) * NAUTICAL_MILE_M, range_m, side="right")
    return np.array(_AREA_SQ_MI[kind])[step] * _MILE_M**2


def impact_probability(failing: Array, y1_m: Array, y2_m: Array, sigma_m: Array) -> Array:
    """Probability of impact in a populated area, equations C1 and C2.

    The normal distribution across the trace is integrated by Simpson's rule
    over the area's width, as the recipe writes it.

    Parameters
    ----------
    failing : array, probability of failing while the impact point is abreast of it:
        P_f / 643 s times the dwell (C1), or P_f / t times the dwell (C2)
    y1_m, y2_m : array, distances of its near and far side from the trace
    sigma_m : array, a third of the way to the corridor's edge

    Accuracy
    --------
    As Simpson's rule: 2e-4 of itself for areas one sigma wide, 10 % and more
    for four; `casualty` cuts areas to half a sigma.

    References
    ----------
    14 CFR 420 appendix C, (c)(5) and (c)(6).
    """
    bell = [np.exp(-0.5 * (y / sigma_m) ** 2) for y in (y1_m, 0.5 * (y1_m + y2_m), y2_m)]
    width = np.abs(y2_m - y1_m) / sigma_m
    across = width / (6.0 * math.sqrt(2.0 * math.pi)) * (bell[0] + 4.0 * bell[1] + bell[2])
    return np.asarray(failing * across)


def by_table(probability: float = FAILURE_PROBABILITY) -> Ramp:
    """Failing as equation C1 has it: the impact point moves at the speeds of table C-2.

    It needs no flight, only its trace on the ground; 643 s stand for the time flown.
    """
    _checked("failure probability", probability)

    def ramp(found: Corridor) -> Array:
        ends = np.array([0.0, *_RATE_TO_NM]) * NAUTICAL_MILE_M
        times = np.concatenate(
            [[0.0], np.cumsum(np.diff(ends) / (np.array(_RATE_NM_S) * NAUTICAL_MILE_M))]
        )
        # A corridor that winds is longer than its range; the last speed goes on.
        over = np.maximum(found.along_m - ends[-1], 0.0) / (_RATE_NM_S[-1] * NAUTICAL_MILE_M)
        return np.asarray(probability / FLIGHT_S * (np.interp(found.along_m, ends, times) + over))

    return ramp


def by_time(whole: ImpactTrace, probability: float = FAILURE_PROBABILITY) -> Ramp:
    """Failing as equation C2 has it: even over the time under power of this flight.

    Parameters
    ----------
    whole : ImpactTrace, from lift-off to where the impact point leaves the Earth
    probability : float
    """
    _checked("failure probability", probability)
    span = float(whole.powered_s[-1])
    if not span > 0.0:
        raise InputError("no engine burns on this flight", key="powered")
    return lambda found: probability * found.trace.powered_s / span


def by_phase(whole: ImpactTrace, phases: Sequence[Phase]) -> Ramp:
    """Failing at a rate of each phase's own: a variant, not the recipe.

    Parameters
    ----------
    whole : ImpactTrace, from lift-off to where the impact point leaves the Earth
    phases : sequence of Phase

    Raises
    ------
    InputError
        If phases overlap, burn not at all, or their probabilities are none.
    """
    ordered = sorted(phases, key=lambda phase: phase.start_s)
    _checked("failure probability", sum(phase.probability for phase in ordered))
    for phase in ordered:
        _checked(f"failure probability of {phase.name}", phase.probability)
    for one, other in pairwise(ordered):
        if other.start_s < one.stop_s - 1e-6:
            raise InputError(f"phases {one.name} and {other.name} overlap", key="--phase")
    powered = whole.powered_s

    def ramp(found: Corridor) -> Array:
        gone = np.zeros(len(found.trace))
        mine = found.trace.powered_s
        for phase in ordered:
            first, last = np.interp([phase.start_s, phase.stop_s], whole.t_s, powered)
            if not last > first:
                raise InputError(f"{phase.name} has no time under power", key="--phase")
            gone += phase.probability * np.clip((mine - first) / (last - first), 0.0, 1.0)
        return gone

    return ramp


def _checked(name: str, probability: float) -> None:
    if not 0.0 <= probability <= 1.0:
        raise InputError(f"{name} is no probability", key=name, value=probability, allowed="0 to 1")


# ---------------------------------------------------------------- the sum


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """Populated areas laid into a corridor: cut into pieces, each with its place.

    Parameters
    ----------
    cells : Cells, those given
    corridor : Corridor
    owner : array of int, shape (m,), whose piece it is
    area_m2, along_m, across_m : array, shape (m,)
    node : array of int, shape (m,), nearest node of the trace
    cleared_low, cleared_high : float, people in the overflight exclusion zone, not counted
    """

    cells: Cells
    corridor: Corridor
    owner: NDArray[np.int64]
    area_m2: Array
    along_m: Array
    across_m: Array
    node: NDArray[np.int64]
    cleared_low: float
    cleared_high: float


def lay(cells: Cells, found: Corridor) -> Laid:
    """Populated areas laid into a corridor, which costs most and is the same for every ramp.

    Every area is cut into pieces no wider than half the standard deviation
    across where it lies, as appendix C (d)(1)(v) allows. What lies outside the
    corridor's edges, three standard deviations, is left away, and so is what
    lies in the overflight exclusion zone at the pad, which has to be empty.

    Parameters
    ----------
    cells : Cells
    found : Corridor

    Returns
    -------
    Laid

    References
    ----------
    14 CFR 420.23(a)(2) and 420.27 for the exclusion zone.
    """
    near = _near(cells, found)
    owner, latitude, longitude, area = _pieces(cells, found, near)
    where = placed(found, latitude, longitude)
    inside = where.inside & ~where.cleared
    share = np.where(where.cleared, area / cells.area_m2[owner], 0.0)
    return Laid(
        cells, found, owner[inside], area[inside], where.along_m[inside],
        where.across_m[inside], where.node[inside],
        float(np.sum(share * cells.low[owner])), float(np.sum(share * cells.high[owner])),
    )  # fmt: skip


def casualty(laid: Laid, ramp: Ramp) -> Casualty:
    """Expected casualties of an ascent, populated area by populated area.

    A piece is a square along the trace; people are spread evenly over an area. High is
    the most that the areas can add while no country has more people in the corridor than
    `Cells.most` says: they are put where they are hurt most.

    Parameters
    ----------
    laid : Laid, see `lay`
    ramp : Ramp, from `by_table`, `by_time` or `by_phase`

    Returns
    -------
    Casualty

    Accuracy
    --------
    Cutting areas finer changes the sum by less than 1 %. What the recipe leaves
    out is more: an impact lies on the trace but for its spread across, people are in
    the open, and debris neither burns up nor breaks up further.

    References
    ----------
    14 CFR 420 appendix C, (c)(4) to (c)(7), (d)(1)(v).
    """
    found = laid.corridor
    gone = np.maximum.accumulate(np.asarray(ramp(found), dtype=float))
    half = 0.5 * np.sqrt(laid.area_m2)
    sides = (laid.across_m - half, laid.across_m + half, found.sigma_m[laid.node])
    dwell = _between(found, gone, laid.along_m - half, laid.along_m + half)
    across = impact_probability(np.ones(half.size), *sides)
    area = casualty_area_m2(found.trace.range_m[laid.node], found.kind)
    kept = np.unique(laid.owner)

    def total(values: Array) -> Array:
        sums = np.bincount(laid.owner, weights=values, minlength=len(laid.cells))
        return np.asarray(sums[kept], dtype=float)

    ground = total(laid.area_m2)
    weight = laid.area_m2 / ground[np.searchsorted(kept, laid.owner)]
    # Casualties for each person of an area: P_i A_c / A of the piece, its share of the people.
    harm = total(dwell * across * area) / laid.cells.area_m2[kept]
    inside = ground / laid.cells.area_m2[kept]
    cells, held = within_totals(laid.cells.at(kept), inside, harm)
    return Casualty(
        cells=cells,
        index=kept,
        inside=inside,
        dwell_p=total(weight * dwell),
        across_p=total(weight * across),
        impact_p=total(dwell * across),
        casualty_area_m2=total(weight * area),
        low=harm * cells.low,
        high=harm * cells.high,
        t_s=total(weight * found.trace.t_s[laid.node]),
        range_m=total(weight * found.trace.range_m[laid.node]),
        failure_p=float(gone[-1]),
        held=held,
    )


def _near(cells: Cells, found: Corridor) -> NDArray[np.int64]:
    """Cells with people that may reach into the corridor."""
    lived = np.flatnonzero(np.asarray(cells.high) > 0.0)
    reach = 0.5 * math.sqrt(2.0) * _side_m(cells, lived)
    latitude, longitude = cells.latitude_rad[lived], cells.longitude_rad[lived]
    around = found.half_width_m.max() + reach.max(initial=0.0)
    close = within(found, latitude, longitude, float(around))
    lived, reach = lived[close], reach[close]
    where = placed(found, latitude[close], longitude[close])
    edge = np.maximum(found.half_width_m[where.node], found.pad_radius_m)
    beside = np.abs(where.across_m) - reach <= edge
    along = where.along_m + reach >= -found.pad_radius_m
    along &= where.along_m - reach <= found.along_m[-1]
    return np.asarray(lived[beside & along])


def _side_m(cells: Cells, chosen: NDArray[np.int64] | slice) -> Array:
    """The longer side of each cell."""
    across = cells.width_rad[chosen] * np.cos(cells.latitude_rad[chosen])
    return np.asarray(_ROUND_M * np.maximum(cells.height_rad[chosen], across))


def _pieces(
    cells: Cells, found: Corridor, near: NDArray[np.int64]
) -> tuple[NDArray[np.int64], Array, Array, Array]:
    """Owner, latitude, longitude and area of rows and columns, finer where it is narrow."""
    where = placed(found, cells.latitude_rad[near], cells.longitude_rad[near])
    side = _side_m(cells, near)
    # The narrowest place it may reach to: one side back towards the pad.
    back = np.interp(where.along_m - side, found.along_m, found.sigma_m)
    count = np.clip(np.ceil(2.0 * side / back), 1, _FINEST).astype(int)
    none = np.zeros(0)
    parts: list[tuple[NDArray[np.int64], Array, Array, Array]] = [
        (np.zeros(0, dtype=np.int64), none, none, none)
    ]
    for n in np.unique(count).tolist():
        mine = near[count == n]
        step = (np.arange(n) + 0.5) / n - 0.5
        rows, columns = (grid.ravel() for grid in np.meshgrid(step, step, indexing="ij"))
        latitude = cells.latitude_rad[mine, None] + cells.height_rad[mine, None] * rows
        longitude = cells.longitude_rad[mine, None] + cells.width_rad[mine, None] * columns
        area = np.repeat(cells.area_m2[mine] / n**2, n**2)
        parts.append((np.repeat(mine, n**2), latitude.ravel(), longitude.ravel(), area))
    owner, latitude, longitude, area = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    return owner, latitude, longitude, area


def _between(found: Corridor, gone: Array, start_m: Array, stop_m: Array) -> Array:
    """Probability of failing while the impact point goes from one place to another."""
    first = np.interp(start_m, found.along_m, gone, left=0.0)
    last = np.interp(stop_m, found.along_m, gone, left=0.0)
    return np.asarray(last - first)
