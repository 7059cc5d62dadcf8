"""The words of an answer, shared by the terminal and the page.

Everything here takes the contract's document and gives plain sentences; nothing
knows about colours, boxes or tags. Rows of tables are in `rows`.
"""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = [
    "ABSENT",
    "Document",
    "Verdict",
    "alternatives",
    "aside",
    "asked_and_most",
    "finer_mesh",
    "headline",
    "lift_off",
    "mass",
    "next_steps",
    "number",
    "orbit_achieved",
    "orbit_shown",
    "orbit_wanted",
    "plain",
    "question",
    "quoted",
    "reflight",
    "scaled",
    "significant",
    "starts",
    "starts_agree",
    "vehicle_page",
    "verdict",
]

Document = Mapping[str, Any]

ABSENT = "-"

AGREED_PERCENT = 0.1
"""Starts whose payloads differ by no more than this are called the same."""

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


def plain(value: float) -> str:
    """A finite number as one types it: 51.7, 200, 2000000; no exponent, no needless zero."""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def mass(value_kg: Any) -> str:
    """Kilograms as payloads are quoted: whole, or one decimal below a tonne."""
    if value_kg is None or not math.isfinite(value_kg):
        return ABSENT
    return number(value_kg, 0 if abs(value_kg) >= 1000.0 else 1)


def significant(value: Any, digits: int = 3) -> str:
    """A number to so many significant digits; only the smallest have an exponent."""
    if value is None or isinstance(value, str) or not math.isfinite(value):
        return ABSENT
    if value == 0.0:
        return "0"
    if abs(value) < 1e-4:
        return f"{value:.{digits - 1}e}"
    if abs(value) >= 1e6:
        return number(float(f"{value:.{digits - 1}e}"))
    decimals = digits - 1 - math.floor(math.log10(abs(value)))
    return number(value, max(0, decimals))


def scaled(value: float, unit: str) -> tuple[float, str]:
    """A value and unit as people read them: pascals become kilopascals."""
    if unit.split()[:1] == ["Pa"]:
        return value / 1e3, "k" + unit
    return value, unit


def orbit_achieved(document: Document) -> str:
    """The re-flown orbit in one phrase, by the kind of elements that was asked for."""
    whole = document.get("achieved") or {}
    mean = (document.get("target") or {}).get("elements") == "mean" and whole.get("mean")
    got = whole["mean"] if mean else whole
    if got.get("perigee_km") is None:
        return ABSENT
    perigee, apogee = number(got["perigee_km"], 1), got.get("apogee_km")
    shape = f"perigee {perigee} km" if apogee is None else f"{perigee} x {number(apogee, 1)} km"
    if got.get("c3_km2_s2") is not None:
        shape = f"C3 {number(got['c3_km2_s2'], 2)} km2/s2, {shape}"
    if got.get("inclination_deg") is not None:
        shape = f"{shape}, {number(got['inclination_deg'], 2)} deg"
    return f"{shape} (mean)" if mean else shape


def orbit_wanted(document: Document) -> str:
    """The target as the user wrote it."""
    target = document.get("target") or {}
    return str(target.get("text") or target.get("kind") or "the target orbit")


def orbit_shown(document: Document) -> str:
    """The target as the user wrote it, numbers of many decimals cut to a metre."""
    return re.sub(
        r"\d+\.\d{4,}",
        lambda found: f"{float(found[0]):.3f}".rstrip("0").rstrip("."),
        orbit_wanted(document),
    )


def lift_off(document: Document) -> str:
    """The instant of lift-off as people read it."""
    return str(document.get("epoch_utc") or ABSENT).replace("T", " ").replace("Z", " UTC")


def question(document: Document) -> str:
    """What was asked, in one phrase."""
    return f"{document.get('vehicle')} from {document.get('site')} to {orbit_shown(document)}"


def headline(document: Document) -> tuple[str, str]:
    """The payload plainly, and the orbit it goes to; or that there is none."""
    status = document.get("status")
    if status == "optimal":
        return f"{mass(document.get('payload_kg'))} kg", f"to {orbit_achieved(document)}"
    asked_kg, most_kg = asked_and_most(document)
    if asked_kg is not None and most_kg is not None:
        wanted = orbit_shown(document)
        return (
            f"No payload is given: {mass(asked_kg)} kg is too much",
            f"at most {mass(most_kg)} kg goes to {wanted} (not re-flown)",
        )
    text = NOT_GIVEN.get(str(status), "No payload is given")
    return text, f"asked for: {orbit_shown(document)}"


def asked_and_most(document: Document) -> tuple[float | None, float | None]:
    """The payload that was asked for and was too much, and the most there is."""
    most = document.get("best_payload_kg")
    short = (document.get("shortfall") or {}).get("payload_kg")
    if document.get("status") != "infeasible" or most is None or short is None:
        return None, None
    return most + short, most


def aside(document: Document) -> str:
    """What must stand beside the payload, never after it; "" if nothing must."""
    told = []
    others = alternatives(document)
    if document.get("status") == "optimal" and others:
        first, *rest = others
        told.append("; ".join([first[0], *(f"{kg} {name}" for name, kg in rest)]))
    if document.get("status") == "optimal" and document.get("margin_kg") is not None:
        told.append(f"with {mass(document['margin_kg'])} kg of propellant left in the last stage")
    cost = (document.get("zones") or {}).get("cost_kg")
    if cost is not None:
        told.append(f"{mass(cost)} kg less than without its drop zones")
    left = (document.get("achieved") or {}).get("delta_v_to_geo_m_s")
    if left is not None:
        told.append(f"leaves {number(left)} m/s to geostationary orbit")
    return "; ".join(told)


def alternatives(document: Document) -> list[tuple[str, str]]:
    """Name and payload with and without what rides along."""
    rows = document.get("alternatives") or []
    return [(str(row["name"]), f"{mass(row.get('payload_kg'))} kg") for row in rows]


def vehicle_page(document: Document) -> str | None:
    """Where every published payload of the vehicle stands beside its prediction.

    The address is inside the project's documentation; None where there is none.
    """
    if not document.get("published"):
        return None
    return f"docs/validation.md#{document.get('vehicle')}"


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
    if not tried.get("tried"):
        return ""
    told, solved = f"{tried['tried']} different starts", _solved(tried)
    if document.get("status") not in ("optimal", "verification_failed"):
        return f"Tried {told}; {solved or 'none'} converged."
    best = f": {document['best_start']}." if document.get("best_start") else ";"
    agreed, spread = int(tried.get("agreed") or 0), tried.get("spread_percent")
    parts = [f"Best of {told}{best} {agreed} within {AGREED_PERCENT} %"]
    if agreed > 1 and spread is not None and spread <= AGREED_PERCENT:
        parts = [f"Best of {told}{best} {agreed} agree within {_small(spread)} %"]
    elif spread is not None and solved > agreed:
        parts.append(f"the poorest {significant(spread, 2)} % less")
    if solved < tried["tried"]:
        parts.append(f"{tried['tried'] - solved} did not converge")
    return "; ".join(parts) + "."


def starts_agree(document: Document) -> bool:
    """Whether every start converged to the same payload."""
    tried = document.get("starts") or {}
    return tried.get("agreed") == tried.get("tried") == _solved(tried)


def _solved(tried: Mapping[str, Any]) -> int:
    """How many starts converged, as far as the document tells."""
    each = tried.get("each")
    return (
        int(tried.get("tried") or 0)
        if each is None
        else sum(s.get("status") == "solved" for s in each)
    )


def _small(percent: float) -> str:
    """A small percentage without more zeros than anyone reads."""
    return "0.001" if percent < 0.001 else significant(percent, 1)


def finer_mesh(document: Document) -> str:
    """What a finer mesh said; "" where none was asked for."""
    finer = document.get("finer_mesh")
    if finer is None:
        return ""
    payload, best = finer.get("payload_kg"), document.get("payload_kg")
    if payload is None:
        return "A mesh twice as fine did not converge."
    if not best or document.get("margin_kg") is not None:
        return ""
    share = 100.0 * (payload - best) / best
    return f"A mesh twice as fine gives {mass(payload)} kg ({share:+.4f} %)."


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
        found.append(f"the flown end is {_apart(proof, '')} from the plan's")
        target = proof.get("target_error") or {}
        if target.get("position_m") is not None:
            found.append(f"{_apart(target, 'target')} from the target orbit")
    allowed = proof.get("tolerances") or {}
    if allowed.get("position_m") is not None:
        found.append(
            f"allowed are {significant(allowed['position_m'])} m and "
            f"{significant(allowed['velocity_m_s'])} m/s"
        )
    if missed:
        found.append(f"missed: {', '.join(missed)}")
    return ("; ".join(found) or "the re-flight did not reach the planned end") + "."


def _apart(errors: Mapping[str, Any], kind: str) -> str:
    """A distance and a difference in velocity as one phrase."""
    end = "" if kind else "_error"
    position, velocity = errors[f"position{end}_m"], errors[f"velocity{end}_m_s"]
    return f"{significant(position)} m and {significant(velocity)} m/s"


def next_steps(document: Document, out: str | None) -> list[tuple[str, str]]:
    """Commands worth trying now, each with what it gives."""
    plan = f"cosmodrome plan {quoted(str(document.get('vehicle')))}"
    plan += f" --from {quoted(str(document.get('site')))}"
    made = document.get("provenance") or {}
    again = str(made.get("command") or f"{plan} --to {quoted(orbit_wanted(document))}")
    # A vehicle from a mission file may not be the catalogue's.
    named = " --from " in again
    steps: list[tuple[str, str]] = []
    status = document.get("status")
    if status == "infeasible":
        nearby = [n for n in document.get("nearest") or [] if named and n.get("target")]
        steps += [
            (f"{plan} --to {quoted(str(n['target']))}", str(n.get("change"))) for n in nearby[:2]
        ]
    elif status == "not_converged" and "--other-starts" not in again:
        steps.append((f"{again} --other-starts", "the same from other first guesses"))
    elif status != "not_converged" and out is None:
        steps.append((f"{again} --out run", "the same, with charts, map and data in run/"))
    if out is not None:
        steps.append((f"xdg-open {quoted(out)}/report.html", "charts, map and sources"))
    if named:
        vehicle = quoted(str(document.get("vehicle")))
        steps.append((f"cosmodrome vehicles {vehicle}", "every number behind this answer"))
    return steps
