"""Passes: a month of the space station by four programs, and a day of a thousand satellites."""

from __future__ import annotations

import fresh
import iss_month
import record

GRID = "sgp4 on a 1 s grid"
OURS = "cosmodrome"
LIMITS_S = {"month": 0.02, "crowd": 2.4}
MONTH = (
    fresh.ours(OURS, "passes.py", "month"),
    fresh.peer("Skyfield", "skyfield_passes.py"),
    fresh.peer("brahe", "brahe_passes.py"),
    fresh.peer("brahe, 5 s step", "brahe_passes.py", "--step", "5"),
    fresh.peer(GRID, "sgp4_grid.py"),
)
CROWD = (fresh.ours("a day of many satellites", "passes.py", "crowd"),)


def summary(label: str, runs: list[fresh.Row]) -> fresh.Row:
    """Medians of one entrant; its contacts are compared elsewhere."""
    times = {key: record.spread([run[key] for run in runs]) for key in ("first_s", "again_s")}
    row = {key: runs[0][key] for key in ("program", "version")}
    row |= {"label": label, "runs": len(runs), "times": times}
    if "states_per_s" in runs[0]:
        row["states_per_s"] = record.spread([run["states_per_s"] for run in runs])
    return row


def compared(found: dict[str, list[fresh.Row]]) -> list[fresh.Row]:
    """Each entrant's times, beside ours, and its passes, beside the grid's (else ours)."""
    rows = [summary(label, runs) for label, runs in found.items()]
    against = GRID if GRID in found else OURS
    listed = found[against][0]["contacts"]
    quickest = next(row["times"]["again_s"]["median"] for row in rows if row["label"] == OURS)
    for row in rows:
        contacts = found[row["label"]][0]["contacts"]
        one = iss_month.agreement(contacts, listed)
        row |= {
            "passes": len(contacts),
            "compared_with": against,
            "listed": len(listed),
            "agree": one.agree,
            "beyond": one.beyond,
            "largest_s": one.largest_s,
            "over_ours": row["times"]["again_s"]["median"] / quickest,
        }
    return rows


def milliseconds(spread: dict[str, float]) -> str:
    """Median, least and greatest."""
    median, low, high = (1e3 * spread[key] for key in ("median", "low", "high"))
    return f"{median:.1f} ({low:.1f} to {high:.1f})"


def month_table(rows: list[fresh.Row]) -> list[str]:
    """Markdown of the comparison."""
    head = rows[0]
    lines = [
        (
            f"| program | passes found | of the {head['listed']} of {head['compared_with']} "
            "| largest difference, s | first search, ms | again, ms | again over cosmodrome |"
        ),
        "|---" * 7 + "|",
    ]
    for row in rows:
        extra = f" (and {row['beyond']} others)" if row["beyond"] else ""
        lines.append(
            f"| {row['program']} {row['version']}{row['label'].removeprefix(row['program'])} "
            f"| {row['passes']} | {row['agree']}{extra} | {row['largest_s']:.3f} "
            f"| {milliseconds(row['times']['first_s'])} | {milliseconds(row['times']['again_s'])} "
            f"| {row['over_ours']:.1f} |"
        )
    rates = [row["states_per_s"]["median"] for row in rows if "states_per_s" in row]
    tail = [
        f"SGP4 alone, by the package sgp4: {rate / 1e6:.2f} million states/s." for rate in rates
    ]
    allowed = f"Allowed for cosmodrome: {1e3 * LIMITS_S['month']:g} ms."
    return [*lines, "", " ".join([allowed, *tail])]


def crowd_table(runs: list[fresh.Row]) -> list[str]:
    """Markdown of the day of many, in milliseconds."""
    row = runs[0]
    cells = [
        milliseconds(record.spread([run[key] for run in runs])) for key in ("first_s", "again_s")
    ]
    return [
        "| satellites | stations | days | passes | first search, ms | again, ms | allowed, ms |",
        "|---" * 7 + "|",
        (
            f"| {row['satellites']} | {row['stations']} | 1 | {row['passes']} "
            f"| {' | '.join(cells)} | {1e3 * LIMITS_S['crowd']:g} |"
        ),
    ]


def measured(runs: int | None = None) -> record.Measured:
    """The month by all, then the day of many by ours; five rounds if not told how many."""
    rows = compared(fresh.rounds(MONTH, runs or 5))
    (crowd,) = fresh.rounds(CROWD, runs or 5).values()
    content = {"month": rows, "crowd": crowd, "limits_s": LIMITS_S}
    return record.Measured("passes", content, [*month_table(rows), "", *crowd_table(crowd)])
