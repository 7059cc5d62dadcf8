"""The casualty expectation of one flight in several readings, with every factor named."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.io.hazard_files import PLANNING_AID
from cosmodrome.safety.casualty import (
    FAILURE_PROBABILITY,
    FLIGHT_S,
    LIMIT,
    Casualty,
    Laid,
    Phase,
    Ramp,
    by_phase,
    by_table,
    by_time,
    casualty,
    casualty_area_m2,
    lay,
)
from cosmodrome.safety.casualty_cells import Cells
from cosmodrome.safety.corridor import NAUTICAL_MILE_M, Corridor
from cosmodrome.safety.trace import ImpactTrace

__all__ = ["RULE", "Assessment", "Estimate", "Factor", "assessed", "burns"]

Array = NDArray[np.float64]

RULE: Final = {
    "name": "14 CFR 420.25(b)",
    "limit": LIMIT,
    "country": "United States",
    "told": "a rule of the United States for choosing a launch site; other states have their own",
}
_SHOWN: Final = 25
_BANDS_KM: Final = ((0.0, 185.2), (185.2, 1000.0), (1000.0, 3241.0), (3241.0, 9260.0))
_TRACE_ROWS: Final = 200


@dataclass(frozen=True, slots=True)
class Factor:
    """One number that went in, with its source."""

    name: str
    value: float | str
    unit: str
    source: str


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """One reading of the casualty expectation.

    Parameters
    ----------
    name : str, short
    label : str, what it is, in words
    source : str
    result : Casualty
    """

    name: str
    label: str
    source: str
    result: Casualty


@dataclass(frozen=True, slots=True, eq=False)
class Assessment:
    """The casualty expectation of a flight.

    Parameters
    ----------
    corridor : Corridor
    whole : ImpactTrace, to where the impact point leaves the Earth
    dragged : ImpactTrace or None, of the lightest debris that counts
    phases : tuple of Phase
    estimates : tuple of Estimate, the recipe's own first
    factors : tuple of Factor
    notes : tuple of str
    """

    corridor: Corridor
    whole: ImpactTrace
    dragged: ImpactTrace | None
    phases: tuple[Phase, ...]
    estimates: tuple[Estimate, ...]
    factors: tuple[Factor, ...]
    notes: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """Everything as plain JSON, in door units."""
        found = self.corridor
        return {
            "planning_aid": PLANNING_AID,
            "rule": RULE,
            "vehicle_class": found.kind,
            "estimates": [_estimate(one, self.phases) for one in self.estimates],
            "factors": [
                {"name": f.name, "value": f.value, "unit": f.unit, "source": f.source}
                for f in self.factors
            ],
            "phases": [
                {
                    "name": p.name, "start_s": p.start_s, "stop_s": p.stop_s,
                    "failure_probability": p.probability,
                }
                for p in self.phases
            ],
            "corridor": {
                "ends": found.ends,
                "length_km": float(found.along_m[-1]) / 1e3,
                "half_width_km": [
                    {"range_km": float(found.trace.range_m[k]) / 1e3,
                     "half_width_km": float(found.half_width_m[k]) / 1e3}
                    for k in _spread(len(found.trace), 12)
                ],
            },
            "trace": _trace(self.whole),
            "notes": list(self.notes),
        }  # fmt: skip


def burns(
    trace: ImpactTrace, names: Sequence[str], probability: float = FAILURE_PROBABILITY
) -> tuple[Phase, ...]:
    """Stretches under power, each as likely to fail as any other.

    Parameters
    ----------
    trace : ImpactTrace
    names : sequence of str, of the burns in order; missing ones are numbered
    probability : float, of all together

    Returns
    -------
    tuple of Phase
    """
    flags = np.concatenate([[False], trace.powered[:-1], [False]])
    starts = np.flatnonzero(~flags[:-1] & flags[1:])
    stops = np.flatnonzero(flags[:-1] & ~flags[1:])
    found = []
    for k, (a, b) in enumerate(zip(starts.tolist(), stops.tolist(), strict=True)):
        if trace.t_s[b] > trace.t_s[a]:
            name = names[k] if k < len(names) else f"burn {k + 1}"
            found.append((name, float(trace.t_s[a]), float(trace.t_s[b])))
    return tuple(Phase(*one, probability / len(found)) for one in found)


def assessed(
    cells: Cells,
    found: Corridor,
    whole: ImpactTrace,
    phases: Sequence[Phase],
    *,
    dragged: ImpactTrace | None = None,
    factors: Sequence[Factor] = (),
    notes: Sequence[str] = (),
    tell: Callable[[str, float], None] | None = None,
) -> Assessment:
    """The recipe in both its forms, and the variant by phase, over one corridor.

    Parameters
    ----------
    cells : Cells
    found : Corridor
    whole : ImpactTrace
    phases : sequence of Phase, of the variant
    dragged : ImpactTrace or None
    factors, notes : sequences, put in front
    tell : callable(text, share) or None

    Returns
    -------
    Assessment

    Raises
    ------
    InputError
        As `by_phase`.
    """
    said = tell or (lambda _text, _share: None)
    said("people in the corridor", 0.3)
    laid = lay(cells, found)
    readings = _readings(whole, phases)
    estimates = []
    for k, (name, label, source, ramp) in enumerate(readings):
        said(name, 0.6 + 0.1 * k)
        estimates.append(Estimate(name, label, source, casualty(laid, ramp)))
    return Assessment(
        found, whole, dragged, tuple(phases), tuple(estimates),
        (*factors, *_factors(found, whole, cells)),
        (*notes, _cleared(laid), *_held(estimates), *_left_out()),
    )  # fmt: skip


def _readings(whole: ImpactTrace, phases: Sequence[Phase]) -> list[tuple[str, str, str, Ramp]]:
    """Name, label, source and ramp of each."""
    told = "14 CFR 420 appendix C"
    even = (
        f"{told}, equation C2: failure probability {FAILURE_PROBABILITY:g}, even over this "
        "flight's time under power"
    )
    table = (
        f"{told}, equation C1: failure probability {FAILURE_PROBABILITY:g}, impact point at the "
        f"speeds of table C-2 for {FLIGHT_S:g} s"
    )
    own = (
        "variant, not the recipe: failure probability "
        f"{sum(p.probability for p in phases):.4g} in all, of each phase its own"
    )
    return [
        ("appendix C", even, f"{told} (c)(6)", by_time(whole)),
        ("appendix C by table", table, f"{told} (c)(5), table C-2", by_table()),
        ("by phase", own, "this program; see the phases", by_phase(whole, phases)),
    ]


def _factors(found: Corridor, whole: ImpactTrace, cells: Cells) -> tuple[Factor, ...]:
    recipe = "14 CFR 420 appendix"
    ranges = np.array([0.0, 50.0, 1750.0]) * NAUTICAL_MILE_M
    areas = casualty_area_m2(ranges, found.kind).tolist()
    spans = ("up to 50 nm", "50 to 1750 nm", "from 1750 nm on")
    given = [
        Factor("failure probability P_f", FAILURE_PROBABILITY, "", f"{recipe} C (b)(3)"),
        Factor(
            "time under power t", float(whole.powered_s[-1]), "s",
            "this flight, to where the impact point leaves the Earth",
        ),
        Factor("flight time C of equation C1", FLIGHT_S, "s", f"{recipe} C (c)(5)"),
        Factor("impact point", whole.how, "", "this flight; the map has it with drag too"),
        Factor(
            "corridor, half width at 10 / 100 / 5000 nm",
            " / ".join(f"{w / 1e3:.0f}" for w in found.table_m), "km",
            f"{recipe} A, table A-3, class {found.kind}",
        ),
        Factor("standard deviation across", "a third of the half width", "", f"{recipe} C (c)(5)"),
        *(
            Factor(
                f"casualty area A_c, {span}", area, "m2",
                f"{recipe} C, table C-3, {found.kind}; quoted from memory",
            )
            for span, area in zip(spans, areas, strict=True)
        ),
        Factor("people", cells.source, "", "see its own sources"),
    ]  # fmt: skip
    return tuple(given)


def _left_out() -> tuple[str, ...]:
    narrow = (
        "the width is appendix A's, round this flight's own trace; what appendix B does to "
        "narrow a corridor is not done"
    )
    return (
        "the planned fall of stages and fairings is not in the recipe: see the drop zones",
        "the casualty areas of table C-3 are quoted from memory: check them before relying on them",
        narrow,
        "the recipe counts people as if they were in the open",
    )


def _cleared(laid: Laid) -> str:
    low, high = laid.cleared_low, laid.cleared_high
    found = laid.corridor
    return (
        f"the overflight exclusion zone, {found.pad_radius_m / 1e3:.1f} km round the pad and to "
        f"{found.cleared_m / 1e3:.1f} km downrange, is taken to be empty, as the rule wants it; "
        f"the lists put {low:.0f} to {high:.0f} people there"
    )


def _held(estimates: Sequence[Estimate]) -> list[str]:
    """What was held to a country's total, and how."""
    most = estimates[0].result.cells.most
    names = sorted({name for one in estimates for name in one.result.held})
    if not names:
        return []
    told = ", ".join(f"{name} {most[name]:.0f}" for name in names)
    said = "the lists' high count exceeds a country's total, raised by a fifth for its age, and is "
    return [f"{said}held to it, its people where they are hurt most: {told}"]


# ---------------------------------------------------------------- the document


def _estimate(one: Estimate, phases: Sequence[Phase]) -> dict[str, Any]:
    low, high = one.result.total
    return {
        "name": one.name,
        "label": one.label,
        "source": one.source,
        "expected_casualties": {"low": low, "high": high},
        "times_limit": {"low": low / LIMIT, "high": high / LIMIT},
        "within_limit": True if high <= LIMIT else False if low > LIMIT else None,
        "failure_probability": one.result.failure_p,
        "impact_probability": math.fsum(one.result.impact_p.tolist()),
        "people_in_corridor": {
            "low": float(np.sum(one.result.inside * one.result.cells.low)),
            "high": float(np.sum(one.result.inside * one.result.cells.high)),
        },
        "by_country": _by_country(one.result),
        "by_range": _by_range(one.result),
        "by_phase": _by_phase(one.result, phases),
        "most": _most(one.result),
    }


def _shares(result: Casualty, mine: NDArray[np.bool_]) -> dict[str, Any]:
    low, high = float(np.sum(result.low[mine])), float(np.sum(result.high[mine]))
    whole = result.total[1]
    inside = result.inside[mine]
    return {
        "expected_casualties": {"low": low, "high": high},
        "share": high / whole if whole > 0.0 else 0.0,
        "people": {
            "low": float(np.sum(inside * result.cells.low[mine])),
            "high": float(np.sum(inside * result.cells.high[mine])),
        },
    }


def _by_country(result: Casualty) -> list[dict[str, Any]]:
    names = np.array(result.cells.country, dtype=object)
    rows = [
        {"country": name or "no country"} | _shares(result, names == name)
        for name in sorted(set(result.cells.country))
    ]
    rows = [row for row in rows if row["people"]["high"] > 0.0]
    return sorted(rows, key=lambda row: -row["share"])


def _by_range(result: Casualty) -> list[dict[str, Any]]:
    range_km = result.range_m / 1e3
    return [
        {"from_km": a, "to_km": b} | _shares(result, (range_km >= a) & (range_km < b))
        for a, b in _BANDS_KM
    ]


def _by_phase(result: Casualty, phases: Sequence[Phase]) -> list[dict[str, Any]]:
    return [
        {"phase": p.name} | _shares(result, (result.t_s >= p.start_s) & (result.t_s < p.stop_s))
        for p in phases
    ]


def _most(result: Casualty) -> list[dict[str, Any]]:
    """The areas that add most, every factor beside its product."""
    order = np.argsort(-result.high, kind="stable")[:_SHOWN]
    cells = result.cells
    return [
        {
            "latitude_deg": math.degrees(cells.latitude_rad[k]),
            "longitude_deg": math.degrees(cells.longitude_rad[k]),
            "country": cells.country[k],
            "range_km": float(result.range_m[k]) / 1e3,
            "t_s": float(result.t_s[k]),
            "people": {"low": float(cells.low[k]), "high": float(cells.high[k])},
            "area_km2": float(cells.area_m2[k]) / 1e6,
            "impact_probability": float(result.impact_p[k]),
            "casualty_area_m2": float(result.casualty_area_m2[k]),
            "expected_casualties": {"low": float(result.low[k]), "high": float(result.high[k])},
        }
        for k in order.tolist()
        if result.high[k] > 0.0
    ]


def _spread(count: int, most: int) -> list[int]:
    found: list[int] = np.unique(np.linspace(0, count - 1, most).astype(int)).tolist()
    return found


def _trace(trace: ImpactTrace) -> list[dict[str, Any]]:
    return [
        {
            "t_s": float(trace.t_s[k]),
            "latitude_deg": math.degrees(trace.latitude_rad[k]),
            "longitude_deg": math.degrees(trace.longitude_rad[k]),
            "range_km": float(trace.range_m[k]) / 1e3,
            "fall_s": float(trace.fall_s[k]),
            "phase": trace.legs[k],
            "powered": bool(trace.powered[k]),
        }
        for k in _spread(len(trace), _TRACE_ROWS)
    ]
