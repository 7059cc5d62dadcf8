"""`cosmodrome coverage`: how often places are seen, by one satellite or a constellation."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cosmodrome.cli.exits import Exit
from cosmodrome.cli.numbers import Quantity
from cosmodrome.cli.options import JSON_HELP, QUIET_HELP
from cosmodrome.cli.orbit_options import (
    OptionNames,
    asked_source,
    asked_span,
    moving,
    orbit_options,
)
from cosmodrome.errors import InputError

if TYPE_CHECKING:
    from cosmodrome.cli.console import Tell
    from cosmodrome.orbit.coverage import Coverage
    from cosmodrome.orbit.motion import Motion
    from cosmodrome.prompt.flying import Flown, Span
    from cosmodrome.prompt.orbit_source import OrbitSource

__all__ = ["coverage"]

USUAL_DAYS = 10.0
SPACING_DEG = 5.0
LOOKS = ("swath_km", "half_angle_deg", "min_elevation_deg")


@click.command(short_help="How often places are seen, by one satellite or a constellation.")
@orbit_options
@click.option("--band", metavar="SOUTH:NORTH", help="Band of latitude, degrees, e.g. -60:60.")
@click.option(
    "--point",
    "points",
    metavar="LAT,LON",
    multiple=True,
    help="A place, degrees; may be given several times.",
)
@click.option("--area", metavar="FILE.geojson", help="Polygons and points of a GeoJSON file.")
@click.option(
    "--spacing",
    "spacing_deg",
    metavar="DEG",
    type=Quantity("degrees"),
    default=SPACING_DEG,
    help="Between points of a band or an area.  [default: 5]",
)
@click.option(
    "--swath", "swath_km", metavar="KM", type=Quantity("kilometres"), help="Width on the ground."
)
@click.option(
    "--half-angle",
    "half_angle_deg",
    metavar="DEG",
    type=Quantity("degrees"),
    help="Or the angle off nadir to both sides.",
)
@click.option(
    "--min-elevation",
    "min_elevation_deg",
    metavar="DEG",
    type=Quantity("degrees", zero=True),
    help="Or the least elevation at which a place sees the satellite.",
)
@click.option(
    "--walker",
    metavar="I:T/P/F",
    help="Constellation about this orbit: inclination, satellites, planes, phasing; 53:24/3/1.",
)
@click.option("--star", is_flag=True, help="Its planes over half a turn, not a whole one.")
@click.option("--out", metavar="FILE", help="Write .csv or .json.")
@click.option("--json", "as_json", is_flag=True, help=JSON_HELP)
@click.option("--quiet", is_flag=True, help=QUIET_HELP)
def coverage(*, as_json: bool, quiet: bool, out: str | None, **asked: Any) -> int:
    """Find revisit and response times over a band of latitude, points or an area.

    RUN is a run folder of `plan --out`: its insertion. --orbit takes the texts
    of `plan --to`; --file is an OEM, OPM, OMM, TLE, CSV or Parquet. Revisit is
    the time from the end of one look to the beginning of the next; response
    the wait from a moment drawn at random. --days is 10 unless said.

    \b
      cosmodrome coverage --orbit "sso 500 km ltan 10:30" --band -60:60 --swath 200
      cosmodrome coverage --orbit "550 km 53 deg" --walker 53:24/3/1 --band 0:60 \\
          --min-elevation 25 --days 2
      cosmodrome coverage run --point 55.75,37.62 --half-angle 30
      cosmodrome coverage --file fleet.tle --area region.geojson --swath 60 --json
    """  # noqa: D301 - click reads the escape as "do not wrap"
    from cosmodrome.cli.console import out as standard_output
    from cosmodrome.cli.console import progress, write_json
    from cosmodrome.cli.listing import ready, write_listing
    from cosmodrome.prompt.listing import about

    path = ready(out, (".csv", ".json"))
    _refuse_looks(asked)
    source = asked_source(asked)
    span = asked_span(source, asked, USUAL_DAYS)
    with OptionNames():
        latitude, longitude = _places(asked)
    with progress(quiet=quiet) as tell:
        flown = _flown(source, span, asked, tell)
        tell(f"coverage of {latitude.size} places by {len(flown.motions)} satellites", 0.5)
        with OptionNames():
            found = _seen(source, flown, span, (latitude, longitude), asked)
    document = about(source, span, flown) | {"satellites": len(flown.motions)} | _told(found)
    if path is not None:
        write_listing(path, document, document["points"])
    if as_json:
        write_json(document)
    else:
        _print(standard_output(), document, out)
    return Exit.DONE


def _refuse_looks(asked: Mapping[str, Any]) -> None:
    """One way of seeing, and one kind of places."""
    allowed = "--swath KM, --half-angle DEG or --min-elevation DEG"
    _one_of(asked, LOOKS, "how a satellite sees", allowed)
    _one_of(asked, ("band", "points", "area"), "what is looked at", "--band, --point or --area")


def _one_of(asked: Mapping[str, Any], names: tuple[str, ...], what: str, allowed: str) -> None:
    given = [name for name in names if asked[name] not in (None, ())]
    if len(given) != 1:
        why = "not said" if not given else "said twice"
        key = allowed.split(" ", 1)[0].rstrip(",")
        raise InputError(f"{what} is {why}: give one of {allowed}", key=key, allowed=allowed)


def _flown(source: OrbitSource, span: Span, asked: Mapping[str, Any], tell: Tell) -> Flown:
    """The satellites, or the constellation about the one that was given."""
    if asked["walker"] is None:
        if asked["star"]:
            raise InputError("--star belongs to --walker", key="--star", allowed="--walker with it")
        return moving(source, span, asked, tell)
    from cosmodrome.orbit.walker import walker
    from cosmodrome.prompt.flying import Flown, mean_orbit

    if len(source.satellites) != 1 or asked["method"] not in (None, "secular"):
        raise InputError(
            "a constellation is set about one satellite, and moves by the secular method",
            key="--walker",
            value=asked["walker"],
            allowed="--orbit with it, or --satellite; no other --method",
        )
    with OptionNames("--walker"):
        pattern = walker(asked["walker"], star=asked["star"])
        mean = mean_orbit(source.satellites[0])
    place = mean.elements
    motions = pattern.motions(
        mean.epoch,
        float(place.semi_major_axis_m),
        float(place.raan_rad),
        float(place.argp_rad + place.true_anomaly_rad),
    )
    told = f"constellation {asked['walker']} of circular orbits with its mean semi-major axis"
    return Flown(motions, f"{told}, secular rates of J2 to J4", ())


def _places(asked: Mapping[str, Any]) -> tuple[Any, Any]:
    """Latitudes and longitudes, radians."""
    import numpy as np

    from cosmodrome.orbit.areas import area_points, band_points

    spacing = math.radians(asked["spacing_deg"])
    if asked["band"] is not None:
        south, north = _two(asked["band"], ":", "--band", "SOUTH:NORTH, degrees, as -60:60")
        return band_points(math.radians(south), math.radians(north), spacing)
    if asked["area"] is not None:
        return area_points(_geojson(asked["area"]), spacing)
    allowed = "LAT,LON, degrees, as 55.75,37.62"
    pairs = [_two(one, ",", "--point", allowed) for one in asked["points"]]
    for (latitude, longitude), text in zip(pairs, asked["points"], strict=True):
        if abs(latitude) > 90.0 or not -180.0 <= longitude <= 360.0:
            raise InputError(
                f"--point {text} is not on the globe", key="--point", value=text, allowed=allowed
            )
    both = np.radians(np.array(pairs))
    return both[:, 0], both[:, 1]


def _two(text: str, mark: str, key: str, allowed: str) -> tuple[float, float]:
    parts = text.split(mark)
    try:
        first, second = (float(part) for part in parts)
    except ValueError:
        first = second = math.nan
    if not (math.isfinite(first) and math.isfinite(second)):
        raise InputError(f"{key} {text!r} cannot be read", key=key, value=text, allowed=allowed)
    return first, second


def _geojson(file: str) -> Any:
    try:
        return json.loads(Path(file).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise InputError(
            f"{file} cannot be read ({error})",
            file=file,
            key="--area",
            value=file,
            allowed="a GeoJSON file",
        ) from error


def _seen(
    source: OrbitSource,
    flown: Flown,
    span: Span,
    places: tuple[Any, Any],
    asked: Mapping[str, Any],
) -> Coverage:
    from cosmodrome.orbit.coverage import find_coverage

    swath_km, elevation = asked["swath_km"], asked["min_elevation_deg"]
    swath_m = None if swath_km is None else 1e3 * swath_km
    if asked["half_angle_deg"] is not None:
        swath_m = _swath_m(source, asked["half_angle_deg"])
    motions: dict[str, Motion] = flown.motions
    return find_coverage(
        motions,
        *places,
        span.start,
        span.duration_s,
        swath_m=swath_m,
        min_elevation_rad=None if elevation is None else math.radians(elevation),
    )


def _swath_m(source: OrbitSource, half_angle_deg: float) -> float:
    """What an angle off nadir sees from the mean height of the orbit."""
    from cosmodrome.orbit.swath import EARTH_RADIUS_M, swath_m
    from cosmodrome.prompt.flying import mean_orbit

    heights = {
        float(mean_orbit(one).elements.semi_major_axis_m) - EARTH_RADIUS_M
        for one in source.satellites
    }
    if max(heights) - min(heights) > 50e3:
        raise InputError(
            "these satellites fly at different heights: an angle off nadir is not one swath",
            key="--half-angle",
            value=half_angle_deg,
            allowed="--swath KM",
        )
    return swath_m(sum(heights) / len(heights), math.radians(half_angle_deg))


def _told(found: Coverage) -> dict[str, Any]:
    """The contract's points; what is never seen has null."""
    columns = {
        "latitude_deg": [math.degrees(x) for x in found.latitude_rad],
        "longitude_deg": [math.degrees(x) for x in found.longitude_rad],
        "looks": found.looks.tolist(),
        "mean_revisit_h": _hours(found.mean_revisit_s),
        "max_revisit_h": _hours(found.max_revisit_s),
        "mean_response_h": _hours(found.mean_response_s),
        "seen_min": [x / 60.0 for x in found.seen_s],
    }
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return {"seen_fraction": found.seen_fraction, "points": rows}


def _hours(seconds: Any) -> list[float | None]:
    return [float(x) / 3600.0 if math.isfinite(x) else None for x in seconds]


def _print(console: Any, document: Mapping[str, Any], out: str | None) -> None:
    from rich.text import Text

    from cosmodrome.cli.listing import print_head, print_notes, print_rows

    print_head(console, document)
    rows: dict[float, list[Mapping[str, Any]]] = {}
    for point in document["points"]:
        rows.setdefault(round(point["latitude_deg"], 3), []).append(point)
    heads = [("latitude\ndeg", "right"), ("points\n", "right"), ("seen\n%", "right")]
    heads += [("looks\nmean", "right"), ("revisit\nmean h", "right")]
    heads += [("revisit\nlongest h", "right"), ("response\nmean h", "right")]
    cells = [_cells(latitude, rows[latitude]) for latitude in sorted(rows, reverse=True)]
    print_rows(console, heads, cells)
    every = document["points"]
    longest = [point["max_revisit_h"] for point in every]
    unseen = sum(value is None for value in longest)
    told = f"{_count(len(every), 'place')}, {_count(document['satellites'], 'satellite')}: "
    if unseen:
        told += f"{unseen} never seen"
    else:
        told += f"longest gap {max(longest):.2f} h"
    console.print(Text(f"\n{told}"))
    print_notes(console, document, out, blank=False)


def _cells(latitude: float, points: list[Mapping[str, Any]]) -> list[str]:
    def over(key: str, taken: Any) -> str:
        """Of the places that have one; a gap without end is not hidden."""
        known = [point[key] for point in points if point[key] is not None]
        if not known or (taken is max and len(known) < len(points)):
            return "-"
        return f"{taken(known):.2f}"

    def mean(values: list[float]) -> float:
        return sum(values) / len(values)

    seen = sum(point["looks"] > 0 for point in points)
    return [
        f"{latitude:.2f}",
        str(len(points)),
        f"{100.0 * seen / len(points):.0f}",
        f"{mean([point['looks'] for point in points]):.1f}",
        over("mean_revisit_h", mean),
        over("max_revisit_h", max),
        over("mean_response_h", mean),
    ]


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
