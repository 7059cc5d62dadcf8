"""The tables of a satellite's life as text: budgets, waits, years, launchers, passes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from cosmodrome.report.life_course import View
from cosmodrome.report.words import ABSENT, mass, number, significant

if TYPE_CHECKING:
    from cosmodrome.campaign.satellite_answer import SatelliteAnswer
    from cosmodrome.campaign.who_launches import Launcher
    from cosmodrome.orbit.lifetime import Lifetime
    from cosmodrome.satellite.budget import Budget, Table

__all__ = [
    "best_rows",
    "budget_rows",
    "launcher_rows",
    "life_rows",
    "line_rows",
    "others",
    "revisit_rows",
    "table_rows",
    "title",
    "years",
]

CARRYING: Final = ("carries", "marginal", "at the edge of reach")
"""Statuses with a row of their own; the rest is told in a sentence each."""

_LONGEST: Final = 40
"""Rows beyond which a budget's table is a curve, and drawn instead."""


def figures(value: float) -> str:
    """A number to four digits, without needless zeros."""
    text = significant(value, 4)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def title(name: str) -> str:
    """A budget's name as a heading."""
    return {"delta_v": "Delta-v"}.get(name, name.replace("_", " ").capitalize())


def margin(one: Budget) -> str:
    """What is left, with its sign and unit; a plain share in per cent."""
    if not one.unit:
        return f"{'+' if one.margin >= 0.0 else ''}{number(100.0 * one.margin, 1)} %"
    return f"{'+' if one.margin >= 0.0 else ''}{significant(one.margin)} {one.unit}"


def budget_rows(budgets: Sequence[Budget]) -> list[tuple[str, str, str, str]]:
    """Budget, whether it closes, margin, what limits."""
    return [
        (title(one.name), "closes" if one.met else "DOES NOT", margin(one), one.limit)
        for one in budgets
    ]


def line_rows(one: Budget) -> list[tuple[str, str, str, str]]:
    """Name, value, unit, formula or source of each line, in the order of the reckoning."""
    return [(line.name, figures(line.value), line.unit, line.formula) for line in one.lines]


def table_rows(one: Table) -> list[tuple[str, ...]]:
    """A budget's table as text; empty where it is long enough to be a curve."""
    if len(one.rows) > _LONGEST:
        return []
    return [
        tuple(cell if isinstance(cell, str) else figures(cell) for cell in row) for row in one.rows
    ]


def revisit_rows(answer: SatelliteAnswer) -> list[tuple[str, str, str, str]]:
    """Latitude, share of places seen, mean and longest wait."""
    return [
        (
            f"{one.latitude_deg:g}",
            f"{number(100.0 * one.seen)} %",
            number(one.mean_revisit_h, 1),
            number(one.max_revisit_h, 1),
        )
        for one in answer.revisit
    ]


def years(value: float, life: Lifetime) -> str:
    """Years until decay, or that they are beyond what was looked at."""
    if not math.isfinite(value):
        return f"over {life.horizon_years:g} years"
    return f"{significant(value)} years"


def life_rows(life: Lifetime) -> list[tuple[str, str]]:
    """Percentiles of the years, and the chance to be gone within 5 and 25."""
    shares = (("5 %", 0.05), ("half", 0.5), ("95 %", 0.95))
    rows = [(f"{word} of the lives have ended after", years(life.quantile(share), life))
            for word, share in shares]  # fmt: skip
    for rule in (5.0, 25.0):
        if rule > life.horizon_years:
            continue
        found = life.within(rule)
        told = (
            f"{number(100.0 * found.probability, 1)} +- {number(100.0 * found.standard_error, 1)} %"
        )
        rows.append((f"probability to decay within {rule:g} years", told))
    return rows


def launcher_rows(launchers: Sequence[Launcher]) -> list[tuple[str, ...]]:
    """Vehicle, site, status, payload, predicted, margin of those that carry it or nearly."""
    return [
        (
            one.vehicle,
            one.site,
            one.status,
            mass(one.payload_kg),
            mass(one.predicted_kg),
            mass(one.margin_kg),
        )
        for one in launchers
        if one.status in CARRYING
    ]


def others(launchers: Sequence[Launcher]) -> list[tuple[str, str]]:
    """The other statuses, each with the launchers it holds for."""
    found: dict[str, list[str]] = {}
    for one in launchers:
        if one.status not in CARRYING:
            found.setdefault(one.status, []).append(f"{one.vehicle} ({one.site})")
    return [(status, ", ".join(names)) for status, names in found.items()]


def best_rows(views: Sequence[View]) -> list[tuple[str, ...]]:
    """Station, rise, culmination, set, greatest elevation and minutes of the highest passes."""
    return [
        (
            view.name,
            arc.seen.rise.epoch.utc(0),
            *(contact.epoch.utc(0)[11:] for contact in (arc.seen.culmination, arc.seen.set)),
            number(math.degrees(arc.seen.max_elevation_rad), 1),
            number(arc.seen.duration_s / 60.0, 1),
            {True: "sunlit", False: "dark", None: ABSENT}[arc.seen.culmination.sunlit],
        )
        for view in views
        for arc in view.best
    ]
