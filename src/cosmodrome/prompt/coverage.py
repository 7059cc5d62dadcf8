"""Coverage from words: what is looked at, how, and the plain document of it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cosmodrome.campaign.progress import Tell
from cosmodrome.errors import InputError
from cosmodrome.prompt.flying import Flown, Span, flown, mean_orbit
from cosmodrome.prompt.listing import about
from cosmodrome.prompt.naming import keys_named
from cosmodrome.prompt.orbit_source import OrbitSource

if TYPE_CHECKING:
    from cosmodrome.orbit.coverage import Coverage
    from cosmodrome.orbit.walker import Walker

__all__ = [
    "SPACING_DEG",
    "USUAL_DAYS",
    "coverage_document",
    "pattern_of",
    "places_of",
    "refuse_looks",
]


USUAL_DAYS: Final = 10.0
SPACING_DEG: Final = 5.0
_LOOKS: Final = ("swath_km", "half_angle_deg", "min_elevation_deg")


def refuse_looks(asked: Mapping[str, Any]) -> None:
    """See that there is one way of seeing, and one kind of places.

    Parameters
    ----------
    asked : mapping
        `swath_km`, `half_angle_deg`, `min_elevation_deg`; `band`, `points`, `area`.

    Raises
    ------
    InputError
        None or several of either.
    """
    allowed = "--swath KM, --half-angle DEG or --min-elevation DEG"
    _one_of(asked, _LOOKS, "how a satellite sees", allowed)
    _one_of(asked, ("band", "points", "area"), "what is looked at", "--band, --point or --area")


def _one_of(asked: Mapping[str, Any], names: tuple[str, ...], what: str, allowed: str) -> None:
    given = [name for name in names if asked[name] not in (None, (), [])]
    if len(given) != 1:
        why = "not said" if not given else "said twice"
        key = allowed.split(" ", 1)[0].rstrip(",")
        raise InputError(f"{what} is {why}: give one of {allowed}", key=key, allowed=allowed)


def places_of(asked: Mapping[str, Any]) -> tuple[Any, Any]:
    """Latitudes and longitudes of what is looked at, radians.

    Parameters
    ----------
    asked : mapping
        One of `band` ("-60:60"), `points` ("55.75,37.62") and `area` (the path of a
        GeoJSON file), and `spacing_deg`.

    Raises
    ------
    InputError
        What cannot be read, or makes too many places.
    """
    import numpy as np

    from cosmodrome.orbit.areas import area_points, band_points

    spacing = math.radians(asked["spacing_deg"])
    if asked["band"] is not None:
        south, north = _two(asked["band"], ":", "--band", "SOUTH:NORTH, degrees, as -60:60")
        return band_points(math.radians(south), math.radians(north), spacing)
    if asked["area"] is not None:
        with keys_named({"area": "--area"}, asked["area"]):
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


def pattern_of(source: OrbitSource, asked: Mapping[str, Any]) -> Walker | None:
    """The constellation that is set about the orbit; None where there is none.

    Raises
    ------
    InputError
        A pattern that cannot be read, or that has no one orbit to be set about.
    """
    if asked["walker"] is None:
        if asked["star"]:
            raise InputError("--star belongs to --walker", key="--star", allowed="--walker with it")
        return None
    from cosmodrome.orbit.walker import walker

    if len(source.satellites) != 1 or asked["method"] not in (None, "secular"):
        raise InputError(
            "a constellation is set about one satellite, and moves by the secular method",
            key="--walker",
            value=asked["walker"],
            allowed="--orbit with it, or --satellite; no other --method",
        )
    with keys_named("--walker", in_files=True):
        return walker(asked["walker"], star=asked["star"])


def coverage_document(
    source: OrbitSource, span: Span, asked: Mapping[str, Any], tell: Tell
) -> dict[str, Any]:
    """How often places are seen; the JSON of `cosmodrome coverage --json`.

    Parameters
    ----------
    source : OrbitSource
    span : Span
    asked : mapping
        As of `refuse_looks` and `places_of`, with `walker`, `star`, `method` and
        `drag_m2_kg`.
    tell : callable(text, share done)

    Returns
    -------
    dict
        What is never seen has null for its times.

    Raises
    ------
    InputError
        Anything that cannot be used.

    Accuracy
    --------
    As `orbit.coverage.find_coverage`.
    """
    refuse_looks(asked)
    places = places_of(asked)
    moving = _moving(source, span, asked, tell)
    tell(f"coverage of {places[0].size} places by {len(moving.motions)} satellites", 0.5)
    found = _seen(source, moving, span, places, asked)
    return about(source, span, moving) | {"satellites": len(moving.motions)} | _told(found)


def _moving(source: OrbitSource, span: Span, asked: Mapping[str, Any], tell: Tell) -> Flown:
    """The satellites, or the constellation about the one that was given."""
    pattern = pattern_of(source, asked)
    if pattern is None:
        return flown(source, span, asked["method"], drag_m2_kg=asked["drag_m2_kg"], tell=tell)
    with keys_named("--walker", in_files=True):
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


def _seen(
    source: OrbitSource,
    moving: Flown,
    span: Span,
    places: tuple[Any, Any],
    asked: Mapping[str, Any],
) -> Coverage:
    from cosmodrome.orbit.coverage import find_coverage

    swath_km, elevation = asked["swath_km"], asked["min_elevation_deg"]
    swath_m = None if swath_km is None else 1e3 * swath_km
    if asked["half_angle_deg"] is not None:
        swath_m = _swath_m(source, asked["half_angle_deg"])
    return find_coverage(
        moving.motions,
        *places,
        span.start,
        span.duration_s,
        swath_m=swath_m,
        min_elevation_rad=None if elevation is None else math.radians(elevation),
    )


def _swath_m(source: OrbitSource, half_angle_deg: float) -> float:
    """What an angle off nadir sees from the mean height of the orbit."""
    from cosmodrome.orbit.swath import EARTH_RADIUS_M, swath_m

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
