"""The rows of an answer's tables as text, shared by the terminal and the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cosmodrome.report.interval_rows import estimate_rows
from cosmodrome.report.words import (
    ABSENT,
    Document,
    alternatives,
    asked_and_most,
    mass,
    number,
    orbit_achieved,
    scaled,
)

__all__ = [
    "event_rows",
    "is_floor",
    "limit_rows",
    "loss_rows",
    "nearest_rows",
    "published_rows",
    "start_rows",
    "worth_head",
]

LOSS_NAMES = {
    "ideal": "Ideal delta-v",
    "gravity": "Gravity",
    "drag": "Drag",
    "steering": "Steering",
    "back_pressure": "Back pressure",
    "gained": "Gained in inertial speed",
}


def published_rows(document: Document) -> list[tuple[str, str, str, str]]:
    """Whose figure, payload, orbit, source; this flight comes first.

    What rides along has a row with and one without it, never one figure
    alone. The corrected payload follows. Adapter conventions differ, so they
    stand beside every figure.
    """
    rows = []
    if document.get("status") == "optimal":
        adapter = document.get("adapter_kg")
        told = f"adapter of {mass(adapter)} kg not counted" if adapter else "no adapter carried"
        given = f"{mass(document.get('payload_kg'))} kg"
        for name, payload in alternatives(document) or [("", given)]:
            with_what = f"{name}; {told}" if name else told
            rows.append(("this flight", payload, orbit_achieved(document), with_what))
        rows += [
            (who, payload, orbit_achieved(document), what)
            for who, payload, what in estimate_rows(document)
            if who == "corrected"
        ]
    return rows + [_published_row(item) for item in document.get("published") or []]


def _published_row(item: Mapping[str, Any]) -> tuple[str, str, str, str]:
    told = f"{item.get('source') or 'no source'} ({_adapter(item.get('includes_adapter'))})"
    payload = f"{mass(item.get('payload_kg'))} kg"
    return "published", payload, str(item.get("orbit") or ABSENT), told


def _adapter(included: Any) -> str:
    known = {True: "with adapter", False: "without adapter", "yes": "with adapter"}
    return known.get(included, "without adapter" if included == "no" else "adapter not stated")


def event_rows(document: Document) -> list[tuple[str, ...]]:
    """Name, then time, height, speeds, distance, mass, q and acceleration as text."""
    return [
        (
            str(event["name"]).replace("max_q", "max q"),
            number(event.get("t_s"), 1),
            number(event.get("altitude_km"), 1),
            number(event.get("speed_m_s")),
            number(event.get("inertial_speed_m_s")),
            number(event.get("downrange_km")),
            number(event.get("mass_kg")),
            number(_over(event.get("q_pa"), 1e3), 2),
            number(event.get("acceleration_m_s2"), 1),
        )
        for event in document.get("events") or []
    ]


def _over(value: Any, divisor: float) -> float | None:
    return None if value is None else float(value) / divisor


def loss_rows(document: Document) -> list[tuple[str, float, str]]:
    """Name, signed metres per second and share of the ideal as text."""
    budget = document.get("losses_m_s") or {}
    ideal = budget.get("ideal")
    if not ideal:
        return []
    rows = []
    for key, value in budget.items():
        if value is None:
            continue
        signed = value if key in ("ideal", "gained") else -value
        name = LOSS_NAMES.get(key, key.replace("_", " ").capitalize())
        rows.append((name, float(signed), f"{number(100.0 * value / ideal, 1)} %"))
    return rows


def limit_rows(document: Document) -> list[tuple[str, str, str, str, str]]:
    """Name with unit, limit, reached, margin; then "met", "met, active" or "MISSED".

    A limit is active where the flight uses all but a thousandth of it.
    """
    rows = []
    for item in document.get("limits") or []:
        unit = str(item.get("unit") or "")
        digits = _decimals(item.get("limit"), unit)
        allowed, reached, margin = (
            _limit_text(item.get(key), unit, digits) for key in ("limit", "reached", "margin")
        )
        if is_floor(item):
            allowed = f">= {allowed}"
        shown = scaled(0.0, unit)[1]
        name = str(item["name"]).replace("_", " ")
        outcome = ("met, active" if _active(item) else "met") if item.get("met") else "MISSED"
        rows.append((f"{name}, {shown}" if shown else name, allowed, reached, margin, outcome))
    return rows


def is_floor(item: Mapping[str, Any]) -> bool:
    """Whether a limit is a least value: then the margin is what lies above it."""
    limit, reached, margin = (item.get(key) for key in ("limit", "reached", "margin"))
    if not all(isinstance(v, (int, float)) for v in (limit, reached, margin)):
        return False
    above = float(reached) - float(limit)  # type: ignore[arg-type]
    return abs(above - float(margin)) < abs(above + float(margin))  # type: ignore[arg-type]


def _decimals(limit: Any, unit: str) -> int:
    """Decimals that show a limit, and all beside it, to four digits or a hundredth."""
    ends = limit if isinstance(limit, (list, tuple)) else [limit]
    sizes = [abs(scaled(v, unit)[0]) for v in ends if isinstance(v, (int, float)) and v]
    size = max(sizes, default=1.0)
    return 0 if size >= 1000.0 else 1 if size >= 100.0 else 2 if size >= 0.1 else 4


def _active(item: Mapping[str, Any]) -> bool:
    limit, margin = item.get("limit"), item.get("margin")
    if not isinstance(limit, (int, float)) or not isinstance(margin, (int, float)):
        return False
    return abs(margin) <= 1e-3 * abs(limit)


def _limit_text(value: Any, unit: str, digits: int) -> str:
    if isinstance(value, (list, tuple)):
        return " to ".join(_limit_text(end, unit, digits) for end in value)
    if value is None or isinstance(value, str):
        return str(value or ABSENT)
    return number(scaled(float(value), unit)[0], digits)


def worth_head(document: Document) -> str:
    """What a start's kilograms are: a fixed payload leaves the final mass to be maximised."""
    fixed = document.get("margin_kg") is not None or asked_and_most(document)[0] is not None
    return "final mass" if fixed else "payload"


def start_rows(document: Document) -> list[tuple[str, str, str, str, str]]:
    """Each start: name, outcome, what it came to, iterations, seconds; the best is marked."""
    rows = []
    for one in (document.get("starts") or {}).get("each") or []:
        name = str(one.get("name") or ABSENT)
        outcome = str(one.get("status") or ABSENT).replace("_", " ")
        if name == document.get("best_start"):
            outcome = f"{outcome}, best"
        kg = one.get("final_mass_kg", one.get("payload_kg"))
        rows.append(
            (
                name,
                outcome,
                f"{mass(kg)} kg" if kg is not None else ABSENT,
                number(one.get("iterations")),
                number(one.get("solve_s"), 2),
            )
        )
    return rows


def nearest_rows(document: Document) -> list[tuple[str, str, str]]:
    """What works instead: the change, the target text, its payload."""
    return [
        (
            str(item.get("change") or ABSENT),
            str(item.get("target") or ABSENT),
            f"{mass(item.get('payload_kg'))} kg" if item.get("payload_kg") is not None else ABSENT,
        )
        for item in document.get("nearest") or []
    ]
