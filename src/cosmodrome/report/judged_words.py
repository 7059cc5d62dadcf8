"""The words of a judgement on somebody else's trajectory, for the terminal and the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cosmodrome.report.words import Document, number, orbit_achieved, orbit_shown, significant

__all__ = ["about", "error_rows", "headline", "verdict_sentence"]

_UNITS = {"km": "km", "deg": "deg", "km2_s2": "km2/s2", "m": "m", "m_s": "m/s", "s": "s"}
_DECIMALS = {"km": 3, "deg": 6, "km2_s2": 5}


def about(document: Document) -> str:
    """What was judged, in one phrase."""
    file = document["file"]
    mass = "with mass" if file["has_mass"] else "without mass"
    who = [document["vehicle"], document["site"] and f"from {document['site']}"]
    told = " ".join(str(one) for one in who if one)
    if told and not document["vehicle"]:
        told = f"a launch {told}"
    begins = str(document["epoch_utc"]).replace("T", " ").replace("Z", " UTC")
    held = f"{told} to {orbit_shown(document)}" if told else orbit_shown(document)
    return (
        f"{file['name']}: {file['form']}, {file['states']} states in {file['frame']}, {mass}; "
        f"t = 0 at {begins}; held against {held}"
    )


def headline(document: Document) -> str:
    """The verdict, and the orbit that is reached."""
    word = "Passes" if document["status"] == "passed" else "Does not pass"
    return f"{word}: {orbit_achieved(document)}"


def verdict_sentence(document: Document) -> str:
    """Why, in one sentence."""
    proof = document["verification"]
    off, allowed = proof["target_error"], proof["tolerances"]
    apart = f"{significant(off['position_m'])} m and {significant(off['velocity_m_s'])} m/s"
    if document["status"] == "passed":
        left = len(document["not_judged"])
        rest = f" {left} things are left open: see below." if left > 1 else ""
        rest = " One thing is left open: see below." if left == 1 else rest
        return f"{apart} from the target orbit; its states belong together.{rest}"
    found = []
    if not (_within(off, allowed, "position_m") and _within(off, allowed, "velocity_m_s")):
        may = f"{significant(allowed['position_m'])} m and "
        may += f"{significant(allowed['velocity_m_s'])} m/s"
        found.append(f"it is {apart} from the target orbit, where {may} are allowed")
    torn = [row["name"] for row in proof["consistency"] if not row["met"]]
    if torn:
        found.append(f"its states do not belong together: {', '.join(torn)}{_where(proof)}")
    missed = [row["name"] for row in document["limits"] if not row["met"]]
    if missed:
        found.append(f"missed: {', '.join(missed)}")
    told = "; ".join(found)
    return f"{told[:1].upper()}{told[1:]}."


def _within(off: Mapping[str, Any], allowed: Mapping[str, Any], name: str) -> bool:
    value = off[name]
    return value is not None and bool(value <= allowed[name])


def _where(proof: Mapping[str, Any]) -> str:
    worst = proof["worst_state"]
    if worst is None or worst["unexplained_m"] < 1.0:
        return ""
    told = f"{significant(worst['unexplained_m'])} m between {number(worst['from_s'], 2)}"
    return f" (worst: {told} and {number(worst['to_s'], 2)} s)"


def error_rows(document: Document) -> list[tuple[str, str, str]]:
    """How far from the target, and what is allowed: distance, speed, then each element."""
    proof = document["verification"]
    allowed = proof["tolerances"]
    rows = []
    for key, value in proof["target_error"].items():
        timed = key == "local_time_s"
        name, _, unit = ("local time", "", "s") if timed else key.partition("_")
        plain = {"argp": "argument of perigee", "raan": "node", "dla": "asymptote"}.get(name, name)
        limit = f"{significant(allowed[key])} {_UNITS[unit]}" if key in allowed else ""
        digits = _DECIMALS.get(unit)
        told = significant(value) if digits is None else number(value, digits)
        rows.append((plain, f"{told} {_UNITS.get(unit, unit)}", limit))
    return rows
