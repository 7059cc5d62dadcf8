"""The words of an answer, shared by the terminal and the page.

Everything here takes the contract's document and gives plain sentences and
rows of text; nothing knows about colours, boxes or tags.
"""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = [
    "Verdict",
    "alternative_rows",
    "event_rows",
    "headline",
    "lift_off",
    "limit_rows",
    "loss_rows",
    "nearest_rows",
    "next_steps",
    "number",
    "orbit_achieved",
    "orbit_wanted",
    "published_rows",
    "question",
    "quoted",
    "reflight",
    "scaled",
    "starts",
    "verdict",
]

Document = Mapping[str, Any]

ABSENT = "-"

LOSS_NAMES = {
    "ideal": "Ideal delta-v",
    "gravity": "Gravity",
    "drag": "Drag",
    "steering": "Steering",
    "back_pressure": "Back pressure",
    "gained": "Gained in inertial speed",
}

NOT_GIVEN = {
    "infeasible": "No payload: this orbit is out of reach",
    "not_converged": "No payload is given: the search did not converge",
    "verification_failed": "No payload is given: the re-flight disagrees",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One sentence, and whether it is good news."""

    sentence: str
    good: bool


def quoted(word: str) -> str:
    """A word as one types it in a shell: in double quotes where it needs any."""
    if shlex.quote(word) == word:
        return word
    return shlex.quote(word) if set(word) & set('"$`\\!') else f'"{word}"'


def number(value: Any, digits: int = 0) -> str:
    """A number with fixed decimals, "-" for None or not finite, never "-0"."""
    if value is None or isinstance(value, str) or not math.isfinite(value):
        return ABSENT
    text = f"{value:.{digits}f}"
    return text[1:] if text.startswith("-") and not text.strip("-0.") else text


def mass(value_kg: Any) -> str:
    """Kilograms as payloads are quoted: whole, or one decimal below a tonne."""
    if value_kg is None or not math.isfinite(value_kg):
        return ABSENT
    return number(value_kg, 0 if abs(value_kg) >= 1000.0 else 1)


def significant(value: Any, digits: int = 3) -> str:
    """A number to so many significant digits, without an exponent if it can be."""
    if value is None or isinstance(value, str) or not math.isfinite(value):
        return ABSENT
    if value == 0.0:
        return "0"
    if not 1e-4 <= abs(value) < 1e6:
        return f"{value:.{digits - 1}e}"
    decimals = digits - 1 - math.floor(math.log10(abs(value)))
    return number(value, max(0, decimals))


def scaled(value: float, unit: str) -> tuple[float, str]:
    """A value and unit as people read them: pascals become kilopascals."""
    if unit.split()[:1] == ["Pa"]:
        return value / 1e3, "k" + unit
    return value, unit


def orbit_achieved(document: Document) -> str:
    """The re-flown orbit in one phrase."""
    got = document.get("achieved") or {}
    if got.get("perigee_km") is None:
        return ABSENT
    perigee, apogee = number(got["perigee_km"], 1), got.get("apogee_km")
    shape = f"perigee {perigee} km" if apogee is None else f"{perigee} x {number(apogee, 1)} km"
    if got.get("c3_km2_s2") is not None:
        shape = f"C3 {number(got['c3_km2_s2'], 2)} km2/s2, {shape}"
    tilt = got.get("inclination_deg")
    return shape if tilt is None else f"{shape}, {number(tilt, 2)} deg"


def orbit_wanted(document: Document) -> str:
    """The target as the user wrote it."""
    target = document.get("target") or {}
    return str(target.get("text") or target.get("kind") or "the target orbit")


def lift_off(document: Document) -> str:
    """The instant of lift-off as people read it."""
    return str(document.get("epoch_utc") or ABSENT).replace("T", " ").replace("Z", " UTC")


def question(document: Document) -> str:
    """What was asked, in one phrase."""
    return f"{document.get('vehicle')} from {document.get('site')} to {orbit_wanted(document)}"


def headline(document: Document) -> tuple[str, str]:
    """The payload plainly, and the orbit it goes to; or that there is none."""
    if document.get("status") != "optimal":
        text = NOT_GIVEN.get(str(document.get("status")), "No payload is given")
        return text, f"asked for: {orbit_wanted(document)}"
    return f"{mass(document.get('payload_kg'))} kg", f"to {orbit_achieved(document)}"


def reflight(document: Document) -> str:
    """What the second integrator found."""
    proof = document.get("verification") or {}
    if proof.get("position_error_m") is None:
        return "Not re-flown."
    return (
        f"Flown again from the pad with {proof.get('integrator', 'another integrator')}: "
        f"{significant(proof['position_error_m'], 2)} m and "
        f"{significant(proof['velocity_error_m_s'], 2)} m/s from the plan at its end."
    )


def starts(document: Document) -> str:
    """How many starts were tried and how alike they came out; "" if unknown."""
    tried = document.get("starts") or {}
    if not tried.get("tried") or document.get("status") not in ("optimal", "verification_failed"):
        return ""
    spread = significant(tried.get("spread_percent"), 2)
    return (
        f"Best of {tried['tried']} different starts; {tried.get('agreed', 0)} agree "
        f"(spread {spread} %)."
    )


def verdict(document: Document) -> Verdict:
    """The outcome in one sentence."""
    status = document.get("status")
    if status == "optimal":
        return Verdict(
            "Reaches the target orbit within every limit, and the re-flight agrees.", True
        )
    if status == "infeasible":
        return Verdict(f"Infeasible: {_shortfall(document)}", False)
    if status == "not_converged":
        return Verdict(
            "Not converged: the search stopped without an answer. This does not say "
            "that the orbit is out of reach.",
            False,
        )
    return Verdict(f"Verification failed: {_disagreement(document)}", False)


def _shortfall(document: Document) -> str:
    reason = str(document.get("reason") or "").strip()
    short = document.get("shortfall") or {}
    by = []
    if short.get("delta_v_m_s") is not None:
        by.append(f"{number(short['delta_v_m_s'])} m/s")
    if short.get("payload_kg") is not None:
        by.append(f"{mass(short['payload_kg'])} kg")
    told = f"it falls short by {' or '.join(by)}." if by else ""
    return " ".join(part for part in (reason, told) if part) or "the target cannot be reached."


def _disagreement(document: Document) -> str:
    proof = document.get("verification") or {}
    missed = [str(row["name"]) for row in document.get("limits") or [] if row.get("met") is False]
    found = []
    if proof.get("position_error_m") is not None:
        found.append(
            f"the flown end is {significant(proof['position_error_m'])} m and "
            f"{significant(proof['velocity_error_m_s'])} m/s from the plan's"
        )
    if missed:
        found.append(f"missed: {', '.join(missed)}")
    return ("; ".join(found) or "the re-flight did not reach the planned end") + "."


def published_rows(document: Document) -> list[tuple[str, str, str, str]]:
    """Whose figure, payload, orbit, source; this flight comes first.

    Adapter conventions differ, so they stand beside every figure.
    """
    rows = []
    if document.get("status") == "optimal":
        adapter = document.get("adapter_kg")
        told = f"adapter of {mass(adapter)} kg not counted" if adapter else "no adapter carried"
        payload = f"{mass(document.get('payload_kg'))} kg"
        rows.append(("this flight", payload, orbit_achieved(document), told))
    return rows + [_published_row(item) for item in document.get("published") or []]


def _published_row(item: Mapping[str, Any]) -> tuple[str, str, str, str]:
    told = f"{item.get('source') or 'no source'} ({_adapter(item.get('includes_adapter'))})"
    payload = f"{mass(item.get('payload_kg'))} kg"
    return "published", payload, str(item.get("orbit") or ABSENT), told


def _adapter(included: Any) -> str:
    known = {True: "with adapter", False: "without adapter", "yes": "with adapter"}
    return known.get(included, "without adapter" if included == "no" else "adapter not stated")


def alternative_rows(document: Document) -> list[tuple[str, str]]:
    """The payload with and without what rides along."""
    rows = document.get("alternatives") or []
    return [(str(row["name"]), f"{mass(row.get('payload_kg'))} kg") for row in rows]


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
        shown = scaled(0.0, unit)[1]
        name = str(item["name"]).replace("_", " ")
        outcome = ("met, active" if _active(item) else "met") if item.get("met") else "MISSED"
        rows.append((f"{name}, {shown}" if shown else name, allowed, reached, margin, outcome))
    return rows


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


def next_steps(document: Document, out: str | None) -> list[tuple[str, str]]:
    """Commands worth trying now, each with what it gives."""
    plan = ["cosmodrome", "plan", str(document.get("vehicle")), "--from", str(document.get("site"))]
    wanted = orbit_wanted(document)
    steps: list[tuple[str, str]] = []
    if document.get("status") == "infeasible":
        steps += [
            (shlex.join([*plan, "--to", target]), change)
            for change, target, _ in nearest_rows(document)[:2]
            if target != ABSENT
        ]
    elif document.get("status") == "not_converged":
        steps.append((shlex.join([*plan, "--to", wanted, "--riders", "none"]), "a lighter stack"))
    elif out is None:
        asked = shlex.join([*plan, "--to", wanted, "--out", "run"])
        steps.append((asked, "the same, with charts, map and data in run/"))
    else:
        steps.append((f"open {shlex.quote(out)}/report.html", "charts, map and sources"))
    vehicle = shlex.quote(str(document.get("vehicle")))
    steps.append((f"cosmodrome vehicles {vehicle}", "every number behind this answer"))
    return steps
