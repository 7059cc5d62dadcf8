"""Predicted ascents beside flown ones: `python benchmarks/flights.py`.

Every mission of examples/flights is planned with its payload and orbit, and set
beside what webcasts, flight reports and launch kits say. It writes
docs/flights.md and benchmarks/flights.json; with names, it prints those flights
and writes nothing.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cosmodrome.campaign.plan import PlanOptions, plan_mission
from cosmodrome.mission.catalogue.reading import read_toml
from cosmodrome.mission.mission_file import read_mission

ROOT = Path(__file__).resolve().parents[1]
MISSIONS = ROOT / "examples" / "flights"
DATA = ROOT / "tests" / "reference" / "data"
PAGE = ROOT / "docs" / "flights.md"
RESULTS = ROOT / "benchmarks" / "flights.json"

# The two flights of an expended first stage, which the wanted figures are about.
EXPENDED = ("echostar-23", "gps-iii-sv01")
PLAIN_VEHICLE = "falcon-9-ft"
# What a mission says instead, to show what an assumption is worth.
PLAIN = {"mission": {"vehicle": PLAIN_VEHICLE}}
LOOSE = {"limits": {"q_alpha_pa_deg": 10_000.0}}  # the catalogue's
Changes = dict[str, dict[str, Any]]
INJECTED_KG = 135_332.0  # AS-506 flight evaluation report: mass in the parking orbit
QUANTITIES = {
    "t_s": "time, s",
    "altitude_km": "altitude, km",
    "speed_m_s": "speed, m/s",
    "inertial_speed_m_s": "inertial speed, m/s",
    "mass_kg": "mass, kg",
}
WANTED = (
    (EXPENDED, "stage 1 cutoff", "speed_m_s", 5.0, "%"),
    (EXPENDED, "stage 1 cutoff", "altitude_km", 8.0, "%"),
    (EXPENDED, "max_q", "t_s", 10.0, "s"),
    (("as-506",), "insertion", "mass_kg", 3.0, "%"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One quantity of one event, flown and predicted."""

    mission: str
    event: str
    quantity: str
    flown: float
    predicted: float
    kind: str

    @property
    def difference(self) -> float:
        """Predicted less flown, in the quantity's unit."""
        return self.predicted - self.flown

    @property
    def percent(self) -> float:
        """The same in percent of the flown value."""
        return 100.0 * self.difference / self.flown


@dataclass(frozen=True, slots=True)
class Judgement:
    """A wanted agreement, and what it came to."""

    mission: str
    event: str
    quantity: str
    wanted: float
    unit: str
    got: float

    @property
    def met(self) -> bool:
        """Whether the difference is inside the wanted one."""
        return abs(self.got) <= self.wanted


def names() -> list[str]:
    """All missions: those with wanted figures first."""
    first = [*EXPENDED, "formosat-5", "crs-14", "as-506"]
    return first + sorted(path.stem for path in MISSIONS.glob("*.toml") if path.stem not in first)


def flown() -> dict[str, dict[tuple[str, str], tuple[float, str]]]:
    """Per mission: (event, quantity) to value and kind."""
    found: dict[str, dict[tuple[str, str], tuple[float, str]]] = {}
    webcasts = json.loads((DATA / "falcon9_webcast" / "derived.json").read_text(encoding="utf-8"))
    for name, seen in webcasts["flights"].items():
        found[name] = {
            ("max_q", "t_s"): (seen["max_q_s"], "flown"),
            ("stage 1 cutoff", "t_s"): (seen["cutoff_s"], "flown"),
            ("stage 1 cutoff", "altitude_km"): (seen["cutoff_altitude_km"], "flown"),
            ("stage 1 cutoff", "speed_m_s"): (seen["cutoff_speed_m_s"], "flown"),
            ("insertion", "t_s"): (seen["orbit_s"], "flown"),
            ("insertion", "altitude_km"): (seen["orbit_altitude_km"], "flown"),
            ("insertion", "speed_m_s"): (seen["orbit_speed_m_s"], "flown"),
        }
    with (DATA / "ascents" / "flown.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            cells = found.setdefault(row["mission"], {})
            for quantity in ("t_s", "altitude_km", "speed_m_s", "inertial_speed_m_s"):
                if row[quantity]:
                    cells[row["event"], quantity] = (float(row[quantity]), row["kind"])
    found["as-506"]["insertion", "mass_kg"] = (INJECTED_KG, "flown")
    return found


def predicted(name: str, changes: Changes | None = None) -> dict[str, Any]:
    """The answer's document for a mission, with tables of its file changed where asked."""
    path = MISSIONS / f"{name}.toml"
    raw = read_toml(path)
    for key, change in (changes or {}).items():
        raw[key] = raw.get(key, {}) | change
    answer = plan_mission(read_mission(raw, str(path)), PlanOptions(alternatives=False))
    return answer.document


def unplanned(document: dict[str, Any]) -> str:
    """Why a flight has no prediction, in a sentence; empty if it has one."""
    status = str(document["status"])
    if status == "optimal":
        return ""
    short_kg = (document.get("shortfall") or {}).get("payload_kg")
    told = status.replace("_", " ")
    if short_kg is None:
        return f"No prediction: {told}."
    return f"No prediction: {told}, {short_kg:.0f} kg short of the payload that flew."


def compare(
    name: str, document: dict[str, Any], seen: dict[tuple[str, str], tuple[float, str]]
) -> list[Row]:
    """Flown figures of a mission beside the predicted ones, in time order.

    Raises
    ------
    SystemExit
        If the plan has no event of a flown one's name.
    """
    events = {event["name"]: event for event in document["events"]}
    absent = {event for event, _ in seen} - set(events)
    if absent:
        raise SystemExit(f"{name}: no {', '.join(sorted(absent))} among {', '.join(events)}")
    rows = [
        Row(name, event, quantity, value, events[event][quantity], kind)
        for (event, quantity), (value, kind) in seen.items()
    ]
    return sorted(rows, key=lambda row: events[row.event]["t_s"])


def judge(rows: list[Row]) -> list[Judgement]:
    """The wanted agreements of the flights among the rows."""
    found = []
    for missions, event, quantity, wanted, unit in WANTED:
        for row in rows:
            if row.mission in missions and (row.event, row.quantity) == (event, quantity):
                got = row.percent if unit == "%" else row.difference
                found.append(Judgement(row.mission, event, quantity, wanted, unit, got))
    return found


def table(rows: list[Row]) -> list[str]:
    """Markdown of the comparison of one flight."""
    lines = [
        "| event | quantity | flown or planned | predicted | difference | % |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        digits = 0 if row.quantity.endswith(("_m_s", "_kg")) else 1
        cells = (f"{row.flown:.{digits}f}", f"{row.predicted:.{digits}f}")
        lines.append(
            f"| {row.event} | {QUANTITIES[row.quantity]} | {cells[0]} ({row.kind}) | {cells[1]} "
            f"| {row.difference:+.{digits}f} | {row.percent:+.1f} |"
        )
    return lines


def judged_table(judged: list[Judgement]) -> list[str]:
    """Markdown of the wanted agreements."""
    lines = [
        "| flight | event | quantity | wanted within | got | met |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {one.mission} | {one.event} | {QUANTITIES[one.quantity]} | {one.wanted:g} {one.unit} "
        f"| {one.got:+.1f} {one.unit} | {'yes' if one.met else 'no'} |"
        for one in judged
    ]
    return lines


def page(rows: list[Row], loose: list[Row], plain: list[Row], failed: dict[str, str]) -> str:
    """docs/flights.md, every figure from the rows."""
    judged = judge(rows)
    met = sum(one.met for one in judged)
    parts = [
        HEAD,
        f"{met} of {len(judged)} wanted agreements are met.",
        "\n".join(judged_table(judged)),
        ASSUMED,
        "The two expended flights with the catalogue's limit on the angle of attack:",
        "\n".join(judged_table(judge(loose))),
        "The same with the catalogue's Falcon 9, unchanged:",
        "\n".join(judged_table(judge(plain))),
        "## Flight by flight",
    ]
    for name in names():
        mine = [row for row in rows if row.mission == name]
        parts += [f"### {name}", failed.get(name) or "\n".join(table(mine))]
    return "\n\n".join(parts) + "\n"


HEAD = """# Predicted flights beside flown ones

Made by `python benchmarks/flights.py`; every figure is printed by that run. Each
mission in `examples/flights` has the payload and the orbit that were published or
flown; what is left in the last stage is maximised. No number is set for one flight
alone. A real launcher does not fly the optimum: it keeps reserves, it may fly higher
than it need, and its thrust is its own.

Speed is relative to the rotating Earth unless it is called inertial.

## Wanted and got"""

ASSUMED = """## What the assumptions are worth

Falcon 9's file here is the catalogue's with three changes, the same for all four
flights. Throttle and second-stage thrust come from FormoSat-5 and CRS-14, which are
not judged (`tests/reference/data/falcon9_webcast`). The angle of attack is nearly none
in thick air, as a gravity turn has it. The second stage burns once, as the webcasts
show. FormoSat-5 and CRS-14 keep the catalogue's reserve for a landing at sea; how much
was really kept is not published, so they show the size of that guess. AS-506 flies the
catalogue's Saturn V as it stands; all other flights the catalogue's vehicle too.

The limit on the angle of attack was settled with the flown figures in view, after the
catalogue's limit had given too low a flight: one value for all, but not a blind choice.
The first table below shows what hangs on it. So was the single burn, which changes
less. EchoStar 23 and GPS III SV01 go to the orbit in which the webcast ends, not to the
one in which the satellite was released."""


def fly(chosen: list[str], changes: Changes | None = None) -> tuple[list[Row], dict[str, str]]:
    """Rows of the flights that could be planned, and why the others could not."""
    seen = flown()
    rows: list[Row] = []
    failed: dict[str, str] = {}
    for name in chosen:
        print(f"flying {name}", file=sys.stderr)
        document = predicted(name, changes)
        failed[name] = unplanned(document)
        mine = [] if failed[name] else compare(name, document, seen[name])
        rows += mine
        print("\n".join(["", name, failed[name] or "\n".join(table(mine))]))
    return rows, failed


def main(words: list[str] | None = None) -> None:
    """Fly, print, and write the page if all were flown."""
    parser = argparse.ArgumentParser(description="predicted ascents beside flown ones")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these; all if none")
    chosen = parser.parse_args(words).names
    unknown = set(chosen) - set(names())
    if unknown:
        parser.error(f"no flight {', '.join(sorted(unknown))}; there are {', '.join(names())}")
    rows, failed = fly(chosen or names())
    print("\n" + "\n".join(judged_table(judge(rows))))
    if chosen:
        return
    loose, _ = fly(list(EXPENDED), LOOSE)
    plain, _ = fly(list(EXPENDED), PLAIN)
    document = {
        "rows": [asdict(row) | {"percent": row.percent} for row in rows],
        "unplanned": {name: why for name, why in failed.items() if why},
        "wanted": [asdict(one) | {"met": one.met} for one in judge(rows)],
        "catalogue_limit": [asdict(one) | {"met": one.met} for one in judge(loose)],
        "catalogue_vehicle": [asdict(one) | {"met": one.met} for one in judge(plain)],
    }
    RESULTS.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    PAGE.write_text(page(rows, loose, plain, failed), encoding="utf-8")


if __name__ == "__main__":
    main()
