"""Hazard areas for maps and globes: GeoJSON, KML and CZML. Every one says it is a draft.

References
----------
RFC 7946 (GeoJSON); OGC 12-007r2 (KML 2.3); CZML Guide of the Cesium project.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError, ShapeError
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.polygons import Area
from cosmodrome.world.polygons_geojson import geojson_geometry

__all__ = [
    "DRAFT",
    "PLANNING_AID",
    "DraftArea",
    "hazard_czml",
    "hazard_geojson",
    "hazard_kml",
]

DRAFT: Final = "draft, not a notice"
PLANNING_AID: Final = "planning aid, not a licence analysis"

_DEGREES: Final = 6  # decimals: a tenth of a metre
_FILL: Final = (192, 90, 23, 90)
_EDGE: Final = (192, 90, 23, 255)


@dataclass(frozen=True, slots=True, eq=False)
class DraftArea:
    """An area to keep clear, and when.

    Parameters
    ----------
    name : str
    area : Area
    corners : array, shape (n, 2), latitude and longitude in radians, as listed in a text
    begins, ends : Epoch
    facts : tuple of (name, text, number or None), told with the area in every form

    Raises
    ------
    ShapeError, InputError
        If corners are not pairs, or the end is before the beginning.
    """

    name: str
    area: Area
    corners: NDArray[np.float64]
    begins: Epoch
    ends: Epoch
    facts: tuple[tuple[str, str | float | None], ...] = ()

    def __post_init__(self) -> None:
        if self.corners.ndim != 2 or self.corners.shape[1] != 2 or len(self.corners) < 3:
            raise ShapeError(f"corners have shape {self.corners.shape}, expected (3 or more, 2)")
        if self.ends - self.begins < 0.0:
            raise InputError(f"{self.name} ends before it begins", key="window")


def _told(one: DraftArea) -> dict[str, Any]:
    return {
        "name": one.name,
        "status": DRAFT,
        "from_utc": one.begins.utc(0),
        "until_utc": one.ends.utc(0),
        **dict(one.facts),
    }


def hazard_geojson(areas: Sequence[DraftArea], about: dict[str, Any] | None = None) -> str:
    """Hazard areas as a GeoJSON FeatureCollection, cut at 180 degrees.

    Parameters
    ----------
    areas : sequence of DraftArea
    about : dict or None, told of all of them beside the features

    Returns
    -------
    str
    """
    features = [
        {
            "type": "Feature",
            "properties": _told(one),
            "geometry": geojson_geometry(one.area, _DEGREES),
        }
        for one in areas
    ]
    whole = {"type": "FeatureCollection", "status": DRAFT, "note": PLANNING_AID}
    return json.dumps(whole | (about or {}) | {"features": features}) + "\n"


def _polygons(area: Area) -> list[list[list[list[float]]]]:
    """Polygons of rings of [longitude, latitude] in degrees, inside [-180, 180]."""
    geometry = geojson_geometry(area, _DEGREES)
    inside: Any = geometry["coordinates"]
    return [inside] if geometry["type"] == "Polygon" else list(inside)


def hazard_kml(areas: Sequence[DraftArea], name: str = "hazard areas") -> str:
    """Hazard areas as KML polygons on the ground, each with its time span.

    As `hazard_geojson`.
    """
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<kml xmlns="http://www.opengis.net/kml/2.2">',
        "<Document>",
        f"<name>{_xml(name)}</name>",
        f"<description>{DRAFT}; {PLANNING_AID}</description>",
        '<Style id="hazard">',
        f"<LineStyle><color>{_kml_colour(_EDGE)}</color><width>2</width></LineStyle>",
        f"<PolyStyle><color>{_kml_colour(_FILL)}</color></PolyStyle>",
        "</Style>",
    ]
    for one in areas:
        lines += ["<Placemark>", f"<name>{_xml(one.name)} ({DRAFT})</name>"]
        begin, end = one.begins.utc(0), one.ends.utc(0)
        lines.append(f"<TimeSpan><begin>{begin}</begin><end>{end}</end></TimeSpan>")
        lines += ["<styleUrl>#hazard</styleUrl>", "<ExtendedData>"]
        lines += [
            f'<Data name="{escape(key)}"><value>{_xml(str(value))}</value></Data>'
            for key, value in _told(one).items()
            if value is not None
        ]
        lines += ["</ExtendedData>", "<MultiGeometry>"]
        lines += [_kml_polygon(polygon) for polygon in _polygons(one.area)]
        lines += ["</MultiGeometry>", "</Placemark>"]
    return "\n".join([*lines, "</Document>", "</kml>"]) + "\n"


def _xml(text: str) -> str:
    return escape(text, quote=False)


def _kml_colour(rgba: tuple[int, int, int, int]) -> str:
    """KML writes alpha, blue, green, red."""
    return "".join(f"{part:02x}" for part in (rgba[3], rgba[2], rgba[1], rgba[0]))


def _kml_polygon(polygon: list[list[list[float]]]) -> str:
    rings = []
    for k, ring in enumerate(polygon):
        kind = "outerBoundaryIs" if k == 0 else "innerBoundaryIs"
        points = " ".join(f"{x},{y},0" for x, y in ring)
        rings.append(
            f"<{kind}><LinearRing><coordinates>{points}</coordinates></LinearRing></{kind}>"
        )
    return f"<Polygon><tessellate>1</tessellate>{''.join(rings)}</Polygon>"


def hazard_czml(areas: Sequence[DraftArea], name: str = "hazard areas") -> str:
    """Hazard areas as CZML polygons, shown while each is active.

    As `hazard_geojson`; a polygon for each piece of an area cut at 180 degrees.
    """
    packets: list[dict[str, Any]] = [
        {
            "id": "document",
            "name": f"{name} ({DRAFT})",
            "version": "1.0",
            "description": f"{DRAFT}; {PLANNING_AID}",
        }
    ]
    if areas:
        first = min((one.begins for one in areas), key=lambda epoch: epoch - areas[0].begins)
        last = max((one.ends for one in areas), key=lambda epoch: epoch - areas[0].begins)
        span = f"{first.utc(0)}/{last.utc(0)}"
        packets[0]["clock"] = {"interval": span, "currentTime": first.utc(0), "multiplier": 60}
    for k, one in enumerate(areas, 1):
        for j, polygon in enumerate(_polygons(one.area), 1):
            packets.append(_packet(one, f"hazard {k}.{j}", polygon))
    return json.dumps(packets) + "\n"


def _packet(one: DraftArea, name: str, polygon: list[list[list[float]]]) -> dict[str, Any]:
    outer, *holes = ([v for x, y in ring[:-1] for v in (x, y, 0.0)] for ring in polygon)
    shape: dict[str, Any] = {
        "positions": {"cartographicDegrees": outer},
        "height": 0.0,
        "material": {"solidColor": {"color": {"rgba": list(_FILL)}}},
        "outline": True,
        "outlineColor": {"rgba": list(_EDGE)},
        "arcType": "RHUMB",
    }
    if holes:
        shape["holes"] = {"cartographicDegrees": holes}
    told = "; ".join(f"{key} {value}" for key, value in _told(one).items() if value is not None)
    return {
        "id": name,
        "name": f"{one.name} ({DRAFT})",
        "availability": f"{one.begins.utc(0)}/{one.ends.utc(0)}",
        "description": told,
        "polygon": shape,
    }
