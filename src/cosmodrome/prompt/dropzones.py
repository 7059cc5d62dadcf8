"""Drop zones of a run folder: from its plan to the plain document every door shows."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import degrees
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cosmodrome.campaign.dropped import Dropped, dropped_parts, known_sheet
from cosmodrome.campaign.instant import liftoff
from cosmodrome.campaign.progress import Tell, silent
from cosmodrome.errors import InputError
from cosmodrome.io.hazard_files import PLANNING_AID
from cosmodrome.io.plan_file import PLAN_FILE, load_planned
from cosmodrome.mission.mission_file import load_mission
from cosmodrome.mission.nouns import Mission, Wind
from cosmodrome.mission.plan import Plan
from cosmodrome.prompt.population import counted_in, raster_of
from cosmodrome.prompt.run_folder import no_run, read_result
from cosmodrome.safety.drop_zones import Dispersions, DropZone, drop_zone
from cosmodrome.safety.drop_zones_ground import Ground, Line, ground_of
from cosmodrome.safety.ellipses import Ellipse
from cosmodrome.verify.fly import Flight, fly
from cosmodrome.world.people import PeopleInside
from cosmodrome.world.places import NearPlace
from cosmodrome.world.polygons_geodesic import distance_m

if TYPE_CHECKING:
    from cosmodrome.world.people_raster import PopulationRaster

__all__ = ["DropZones", "dropzones", "ellipse_told", "read_wind", "zones_of_flight"]


SAMPLES: Final = 2000
SEED: Final = 1
_FEWEST, _MOST = 50, 200_000
_WIND_COLUMNS: Final = ("altitude_m", "east_m_s", "north_m_s")
_FASTEST_WIND_M_S: Final = 200.0


@dataclass(frozen=True, slots=True, eq=False)
class DropZones:
    """Drop zones with what they were made of.

    Parameters
    ----------
    document : dict, the JSON of `cosmodrome dropzones --json`
    mission : Mission
    dropped : Dropped
    zones : tuple of DropZone, of the parts that come down, in time order
    grounds : tuple of Ground, of each zone
    """

    document: dict[str, Any]
    mission: Mission
    dropped: Dropped
    zones: tuple[DropZone, ...]
    grounds: tuple[Ground, ...]


def dropzones(
    run: str | Path,
    *,
    samples: int = SAMPLES,
    seed: int = SEED,
    wind: str | Path | None = None,
    population: str | Path | None = None,
    progress: Tell | None = None,
) -> DropZones:
    """Where the parts dropped in a planned flight come down.

    Parameters
    ----------
    run : path of a run folder of `plan --out`
        Where it holds no `plan.json`, its mission is planned again.
    samples : int, of each part, 50 to 200,000
    seed : int
    wind : path or None
        A CSV with columns altitude_m, east_m_s, north_m_s: the mean wind that the
        parts fall through, where it blows to. Else that of the mission, still air
        by default.
    population : path or None, a raster of people, .asc or .tif
    progress : callable(text, share done) or None

    Returns
    -------
    DropZones

    Raises
    ------
    InputError
        For a folder or file that cannot be used, or a count of samples out of range.

    Accuracy
    --------
    As `safety.drop_zones`. A planning aid, not a licence analysis.
    """
    if not _FEWEST <= samples <= _MOST:
        raise InputError(
            f"{samples} samples",
            key="--samples",
            value=samples,
            allowed=f"{_FEWEST} to {_MOST}",
        )
    if seed < 0:
        raise InputError(f"seed {seed}", key="--seed", value=seed, allowed="0 or more")
    tell = progress or silent
    table = () if wind is None else read_wind(wind)
    raster = raster_of(population)
    tell("reading the plan", 0.0)
    mission, plan = _planned(Path(run), tell)
    epoch_utc, meridian = liftoff(mission, plan)
    tell("flying it again", 0.05)
    flight = fly(mission, plan, meridian)
    if table:
        mission = replace(mission, environment=replace(mission.environment, wind=Wind(table)))
    with counted_in(population):
        found = zones_of_flight(
            mission, flight, epoch_utc, samples=samples, seed=seed, raster=raster, progress=tell
        )
    told = {"run": str(run), **found.document}
    if table:
        told["notes"] = [
            *told["notes"],
            f"mean wind of {wind} on the parts that fall; the ascent is as planned",
        ]
    return replace(found, document=told)


def zones_of_flight(
    mission: Mission,
    flight: Flight,
    epoch_utc: str,
    *,
    samples: int = SAMPLES,
    seed: int = SEED,
    raster: PopulationRaster | None = None,
    progress: Tell | None = None,
) -> DropZones:
    """The drop zones of a flight that is at hand.

    Parameters
    ----------
    mission : Mission
    flight : Flight, of `verify.fly`
    epoch_utc : str, of lift-off
    samples, seed, raster, progress : as `dropzones`
    """
    tell = progress or silent
    dropped = dropped_parts(mission, flight, epoch_utc, known_sheet(mission))
    dispersions = Dispersions()
    zones: list[DropZone] = []
    grounds: list[Ground] = []
    up: list[str] = []
    for k, part in enumerate(dropped.parts):
        tell(f"{part.name} falls", 0.1 + 0.85 * k / len(dropped.parts))
        zone = drop_zone(part, mission.environment, dispersions, samples=samples, seed=seed)
        if zone is None:
            up.append(f"{part.name} is not down within two hours: no drop zone is given")
            continue
        zones.append(zone)
        grounds.append(ground_of(zone, raster))
    document = _document(mission, epoch_utc, dropped, zones, grounds)
    document |= {"samples": samples, "seed": seed}
    document["notes"] = [*dropped.notes, *up, *_common(dispersions), *_said(zones)]
    return DropZones(document, mission, dropped, tuple(zones), tuple(grounds))


def read_wind(path: str | Path) -> tuple[tuple[float, float, float], ...]:
    """A wind profile from a CSV with columns altitude_m, east_m_s, north_m_s.

    Parameters
    ----------
    path : path

    Returns
    -------
    tuple of (altitude m, towards east m/s, towards north m/s), rising

    Raises
    ------
    InputError
        With file and line, for a file that cannot be used.
    """
    file = str(path)
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _wind(file, None, f"cannot be read ({type(error).__name__})") from None
    reader = csv.DictReader(text.splitlines())
    missing = [name for name in _WIND_COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise _wind(file, 1, f"has no column {missing[0]}")
    rows: list[tuple[float, float, float]] = []
    for record in reader:
        line = reader.line_num
        try:
            height, east, north = (float(record[name] or "") for name in _WIND_COLUMNS)
        except ValueError:
            raise _wind(file, line, "holds what is not a number") from None
        if not (abs(east) <= _FASTEST_WIND_M_S and abs(north) <= _FASTEST_WIND_M_S):
            raise _wind(file, line, "is faster than 200 m/s")
        if not -1e3 <= height <= 200e3 or (rows and height <= rows[-1][0]):
            raise _wind(file, line, "does not rise from -1 to 200 km")
        rows.append((height, east, north))
    if len(rows) < 2:
        raise _wind(file, None, "needs two altitudes or more")
    return tuple(rows)


def _wind(file: str, line: int | None, why: str) -> InputError:
    where = file if line is None else f"{file}, line {line}"
    return InputError(
        f"{where}: the wind {why}",
        file=file,
        key="--wind",
        value=file,
        allowed="a CSV with columns altitude_m, east_m_s, north_m_s; altitudes rising",
    )


def _planned(folder: Path, tell: Tell) -> tuple[Mission, Plan]:
    """The mission and plan of a run folder; planned again where the plan is not in it."""
    read_result(folder)  # refused where it is of a plan without a payload
    if (folder / PLAN_FILE).is_file():
        return load_planned(folder)
    if not (folder / "mission.toml").is_file():
        raise no_run(folder, "there is no mission.toml in it")
    from cosmodrome.campaign.plan import plan_in_full

    tell("planning it again", 0.0)
    made = plan_in_full(load_mission(folder / "mission.toml"))
    if made.answer.plan is None:
        raise no_run(folder, f"planned again it is {made.answer.status.replace('_', ' ')}")
    return made.mission, made.answer.plan


# ---------------------------------------------------------------------- the document


def _document(
    mission: Mission,
    epoch_utc: str,
    dropped: Dropped,
    zones: Sequence[DropZone],
    grounds: Sequence[Ground],
) -> dict[str, Any]:
    return {
        "note": PLANNING_AID,
        "vehicle": mission.vehicle.name,
        "site": mission.site.name,
        "epoch_utc": epoch_utc,
        "parts": [
            _part(mission, zone, ground) for zone, ground in zip(zones, grounds, strict=True)
        ],
        "in_orbit": [
            {
                "name": one.name,
                "mass_kg": one.mass_kg,
                "perigee_km": one.perigee_m / 1e3,
                "apogee_km": None if one.apogee_m == float("inf") else one.apogee_m / 1e3,
                "told": one.told,
            }
            for one in dropped.kept_up
        ],
    }


def _part(mission: Mission, zone: DropZone, ground: Ground) -> dict[str, Any]:
    part, site = zone.part, mission.site
    place = (zone.latitude_rad, zone.longitude_rad)
    away = float(distance_m(site.latitude_rad, site.longitude_rad, *place))
    most = max(ground.people, key=lambda pair: pair[0].probability)[1]
    return {
        "name": part.name,
        "kind": part.kind,
        "count": part.count,
        "mass_kg": part.mass_kg,
        "latitude_deg": degrees(zone.latitude_rad),
        "longitude_deg": degrees(zone.longitude_rad),
        "t_s": zone.t_s,
        "release_s": part.t_s,
        "impact_utc": (part.state.epoch + (zone.t_s - part.t_s)).utc(0),
        "range_km": away / 1e3,
        "impact_speed_m_s": zone.speed_m_s,
        "surface": ground.surface,
        "country": None if ground.country is None else ground.country.name,
        "country_iso2": None if ground.country is None else ground.country.iso2 or None,
        "shares": [{"where": name, "share": share} for name, share in ground.shares],
        "border": _line(ground.border),
        "coast": _line(ground.coast),
        "places": [_place(one) for one in ground.near],
        "town": None if ground.town is None else _place(ground.town),
        "people_99": _people(most),
        "ellipses": [
            ellipse_told(one) | {"normal_content": one.content, "people": _people(people)}
            for one, people in ground.people
        ],
        "ballistic_kg_m2": {
            "value": part.ballistic.kg_m2,
            "low": part.ballistic.low_kg_m2,
            "high": part.ballistic.high_kg_m2,
            "source": part.ballistic.told,
        },
        "breaks_up_km": None
        if part.breakup is None
        else [part.breakup.low_m / 1e3, part.breakup.high_m / 1e3],
    }


def ellipse_told(one: Ellipse) -> dict[str, Any]:
    """An impact ellipse, for JSON."""
    return {
        "probability": one.probability,
        "latitude_deg": degrees(one.latitude_rad),
        "longitude_deg": degrees(one.longitude_rad),
        "semi_major_km": one.semi_major_m / 1e3,
        "semi_minor_km": one.semi_minor_m / 1e3,
        "azimuth_deg": degrees(one.azimuth_rad),
        "area_km2": one.area_m2 / 1e6,
        "elliptical": one.elliptical,
    }


def _people(one: PeopleInside) -> dict[str, Any]:
    return {
        "listed": one.listed,
        "listed_places": one.listed_places,
        "estimate_lo": one.low,
        "estimate_hi": one.high,
        "statement": one.statement,
        "source": one.source,
    }


def _line(one: Line) -> dict[str, Any]:
    return {
        "distance_km": one.distance_m / 1e3,
        "from_99_km": one.clear_m / 1e3,
        "latitude_deg": degrees(one.latitude_rad),
        "longitude_deg": degrees(one.longitude_rad),
        "between": list(one.sides),
    }


def _place(one: NearPlace) -> dict[str, Any]:
    return {
        "name": one.name,
        "country_iso2": one.country,
        "people": one.people,
        "distance_km": one.distance_m / 1e3,
    }


def _common(dispersions: Dispersions) -> list[str]:
    one = dispersions
    wind = max((sigma for _, sigma in one.wind_m_s), default=0.0)
    told = (
        "dispersions are planning values (one standard deviation): position "
        f"{one.position_m:.0f} m, speed {100 * one.speed_share:g} %, climb "
        f"{degrees(one.climb_rad):.2f} deg, heading {degrees(one.heading_rad):.2f} deg, each "
        f"{one.most_m_s:g} m/s at most, separation {one.push_m_s:g} m/s, density "
        f"{100 * one.density_share:g} %, wind {wind:g} m/s at most; `disperse` computes a "
        "vehicle's own"
    )
    terrain = "no lift and no terrain: ground 1 km high moves an impact by some hundred metres"
    return [told, terrain]


def _said(zones: Sequence[DropZone]) -> list[str]:
    return [note for zone in zones for note in zone.notes]
