"""Raw, corrected and published side by side, and what the interval rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cosmodrome.report.words import Document, mass, number, plain

__all__ = [
    "NOT_A_PREDICTION",
    "correction",
    "estimate_rows",
    "interval_lead",
    "kept_back",
    "rating",
    "spread_rows",
]

NOT_A_PREDICTION = (
    "A published rating is not a prediction: it is what its source states. Raw and corrected "
    "are fitted to no rating of this vehicle's family."
)


def estimate_rows(document: Document) -> list[tuple[str, str, str]]:
    """Whose figure, payload, and what stands behind it: raw, corrected, by its own ratings.

    Parameters
    ----------
    document : mapping, the plan's JSON

    Returns
    -------
    list of tuple of str
        Empty where nothing is known of the uncertainty of the payload.
    """
    corrected = document.get("corrected_payload_kg")
    if document.get("status") != "optimal" or corrected is None:
        return []
    sampled = document.get("interval") or {}
    interval = sampled.get("interval_kg") or document["first_order_interval_kg"]
    by = "sampled" if sampled.get("by") == "sampling" else "to first order"
    low, high = (mass(end) for end in interval)
    rows = [
        ("raw", f"{mass(document.get('payload_kg'))} kg", "the optimum of the sheet's numbers"),
        ("corrected", f"{mass(corrected)} kg", f"nine in ten between {low} and {high} kg, {by}"),
    ]
    own = document.get("own_rating")
    if own:
        rows.append(("by rating", f"{mass(own['payload_kg'])} kg", _by_ratings(own)))
    return rows


def _by_ratings(own: Mapping[str, Any]) -> str:
    """Which of the vehicle's own ratings scale its payload."""
    count = len(own["by"])
    orbits = "another orbit" if count == 1 else f"{count} other orbits"
    change = 100.0 * (own["ratio"] - 1.0)
    return (
        f"raw {change:+.1f} % by what is published of {orbits}; a rating of this orbit is not used"
    )


def rating(document: Document) -> str:
    """What a published figure is, said wherever one stands beside ours."""
    if not (document.get("kept") or {}).get("recovery"):
        return NOT_A_PREDICTION
    return f"{NOT_A_PREDICTION} It need not be of a first stage that comes back."


def correction(document: Document) -> str:
    """How the raw payload became the corrected one; "" where it did not."""
    learnt = document.get("calibration")
    if not learnt:
        return ""
    if not learnt["measured"]:
        share = number(100.0 * learnt["spread"])
        return f"No correction is known; {share} % of the payload is assumed as model term."
    return (
        f"Corrected by {learnt['points']} published ratings of {learnt['vehicles']} vehicles "
        "of other families."
    )


def spread_rows(document: Document) -> list[tuple[str, str, str]]:
    """By sampling and to first order: the spread from the inputs, and the whole interval."""
    found = document.get("interval") or {}
    if not found:
        return []
    spread, first = found["inputs_spread_kg"], found["first_order_interval_kg"]
    rows = [("to first order", _spread(spread["first_order"]), _between(first))]
    if found["by"] == "sampling":
        text = f"by {found['samples']} samples"
        rows.insert(0, (text, _spread(spread["sampling"]), _between(found["interval_kg"])))
    return rows


def interval_lead(document: Document) -> str:
    """Whether sampling and first order agree, and what was lost; "" without an interval."""
    found = document.get("interval") or {}
    if not found:
        return ""
    told = {
        True: "Sampling and first order agree.",
        False: "Sampling and first order differ: the payload bends with its inputs, and the "
        "sampled interval is the better one.",
        None: "Too few samples were found again; the interval is the first-order one.",
    }[found["first_order_agrees"]]
    asked = found["samples"] + found["lost"]
    lost = f" {found['lost']} of {asked} samples were not found again." if found["lost"] else ""
    return f"{told}{lost} Seed {found['seed']}."


def kept_back(document: Document) -> list[str]:
    """What flies to the end unburnt, one phrase each: reserve, disposal, recovery.

    Where nothing tells reserve and disposal apart they are one phrase. Empty
    where nothing is kept back.
    """
    kept = document.get("kept") or {}
    stage, told = kept.get("stage"), []
    if kept.get("disposal_m_s"):
        told.append(f"{plain(kept['reserve_m_s'])} m/s of velocity reserve in {stage}")
        told.append(f"{plain(kept['disposal_m_s'])} m/s to bring {stage} down")
    elif kept.get("velocity_m_s"):
        known = "disposal_m_s" in kept
        whole = "velocity reserve" if known else "velocity reserve, any disposal included,"
        told.append(f"{plain(kept['velocity_m_s'])} m/s of {whole} in {stage}")
    if kept.get("recovery"):
        told.append(_recovery(kept["recovery"]))
    return told


def _recovery(mode: Mapping[str, Any]) -> str:
    return (
        f"{mass(mode['propellant_kg'])} kg of propellant and {mass(mode['hardware_kg'])} kg "
        f"of hardware in {mode['stage']} for {mode['title']}"
    )


def _spread(value: Any) -> str:
    return f"{mass(value)} kg"


def _between(interval: Any) -> str:
    low, high = (mass(end) for end in interval)
    return f"{low} to {high} kg"
