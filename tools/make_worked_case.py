"""Write the worked case of the documentation: what the program says, in its own words.

    python tools/make_worked_case.py

Plans Angara-1.2 from Vostochny to a sun-synchronous orbit with everything that the
range and the clock say of it, and writes `docs/worked-case.md`. Every figure in
the page is computed by this run; the objects in orbit are the seeded ones of
the benchmarks, not the real ones. Takes some minutes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/worked-case.md"
ORBIT = "sso 500 km ltan 10:30"
PLAN = ["plan", "angara-1.2", "--from", "vostochny", "--to", ORBIT]
WHOLE = [*PLAN, "--safety", "--windows", "--catalogue", "objects.tle", "--out", "run"]
WEST = [*PLAN, "--drop-inside", "urm-1=zone.geojson", "--out", "held"]
HAZARD = ["hazard", "run", "--format", "text", "--minutes", "30"]
DISPERSE = ["disperse", "run", "--samples", "2000", "--payload-samples", "200", "--seed", "7"]
SHORTER_KM = 40.0
"""How far short of its free impact the first stage is asked to come down."""


def said(words: list[str], folder: Path) -> str:
    """What a command prints at 80 columns, without colour."""
    plain = os.environ | {"NO_COLOR": "1", "COLUMNS": "80", "TERM": "dumb"}
    program = Path(sys.executable).with_name("cosmodrome")
    done = subprocess.run(
        [program, *words, "--quiet"],
        cwd=folder,
        env=plain,
        check=True,
        capture_output=True,
        text=True,
    )
    return "\n".join(line.rstrip() for line in done.stdout.splitlines())


def typed(words: list[str]) -> str:
    """A command as one types it."""
    quoted = [f'"{word}"' if " " in word else word for word in words]
    return f"```console\n$ cosmodrome {' '.join(quoted)}\n```\n"


def between(text: str, first: str, last: str | None) -> str:
    """The lines from one heading to the next."""
    lines = text.splitlines()
    begin = lines.index(first)
    end = len(lines) if last is None else lines.index(last, begin)
    return "\n".join(lines[begin + 1 : end]).strip("\n")


def shown(text: str, most: int = 60) -> str:
    """A block of text, cut where it is long."""
    lines = text.splitlines()
    more = [] if len(lines) <= most else [f"... and {len(lines) - most} lines more"]
    return "\n".join(["```text", *lines[:most], *more, "```", ""])


def zone_file(folder: Path, drops: dict[str, Any]) -> None:
    """A box round the drop zone, its far side short of where the stage falls freely."""
    part = next(one for one in drops["parts"] if one["name"] == "URM-1")
    north = part["latitude_deg"] - SHORTER_KM / 111.2
    west, east = part["longitude_deg"] - 3.0, part["longitude_deg"] + 3.0
    south = north - 1.5
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    (folder / "zone.geojson").write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}))


def page(folder: Path) -> str:
    """The whole page."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    from cases.catalogue_of_objects import drawn, written

    (folder / "objects.tle").write_text(written(drawn()), encoding="utf-8")
    whole = said(WHOLE, folder)
    document = json.loads((folder / "run/result.json").read_text("utf-8"))
    zone_file(folder, document["safety"]["dropzones"])
    said(WEST, folder)
    held = json.loads((folder / "held/result.json").read_text("utf-8"))
    return TEXT.format(
        payload=f"{document['payload_kg']:.0f}",
        whole=typed(WHOLE),
        drops=shown(between(whole, "Drop zones", "Casualty expectation")),
        casualty=shown(between(whole, "Casualty expectation", "When to launch"), 30),
        windows=shown(between(whole, "When to launch", "What is in the way")),
        screening=shown(between(whole, "What is in the way", None), 24),
        short=f"{SHORTER_KM:.0f}",
        zone=typed(WEST),
        held=f"{held['payload_kg']:.0f}",
        cost=f"{held['zones']['cost_kg']:.0f}",
        hazard=typed(HAZARD) + "\n" + shown(said(HAZARD, folder), 40),
        disperse=typed(DISPERSE) + "\n" + shown(said(DISPERSE, folder), 60),
    )


TEXT = """<!-- Written by tools/make_worked_case.py; do not edit. -->
# A worked case: Angara-1.2 from Vostochny

Vostochny lies in forest, a hundred kilometres from a border. A launch to a
sun-synchronous orbit goes north-north-west over eastern Siberia, so what falls is the
first question and not the last. One command asks it all; everything here is a planning
aid, not a licence analysis. The objects in orbit are seeded ones, as many and where the
real ones are, but not the real ones: bring your own catalogue.

{whole}
It carries {payload} kg; how it flies is told as for any plan. Then:

## Where parts come down

{drops}
## Who might be hurt if it fails

{casualty}
## When to launch

{windows}
## What is in the way

{screening}
## If the stage must come down elsewhere

A zone is a limit like any other. With the first stage held to a box that ends {short} km
short of where it would fall freely, the flight is lofted, and carries {held} kg:
{cost} kg is the price.

{zone}
## Areas to keep clear

{hazard}
## How sure all this is

{disperse}"""


def main() -> None:
    """Write the page."""
    with tempfile.TemporaryDirectory() as folder:
        text = page(Path(folder))
    PAGE.write_text(text, encoding="utf-8")
    print(f"written: {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
