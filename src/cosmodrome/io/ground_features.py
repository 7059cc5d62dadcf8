"""Areas and places on the ground with what is to be told of them: GeoJSON and KML.

References
----------
RFC 7946 (GeoJSON); OGC 12-007r2 (KML 2.3).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from math import degrees
from typing import Any, Final

from cosmodrome.world.polygons import Area
from cosmodrome.world.polygons_geojson import geojson_geometry

__all__ = ["GroundFeature", "features_geojson", "features_kml"]

_DEGREES: Final = 6  # decimals: a tenth of a metre


@dataclass(frozen=True, slots=True, eq=False)
class GroundFeature:
    """An area, or a place, and what is told of it.

    Parameters
    ----------
    name : str
    what : Area, or (latitude, longitude) in radians
    facts : mapping of str to what JSON can hold
    """

    name: str
    what: Area | tuple[float, float]
    facts: Mapping[str, Any] = field(default_factory=dict)


def features_geojson(features: Sequence[GroundFeature], about: Mapping[str, Any]) -> str:
    """Features as a GeoJSON FeatureCollection, areas cut at 180 degrees.

    Parameters
    ----------
    features : sequence of GroundFeature
    about : mapping, told of the whole beside the features
    """
    whole = {
        "type": "FeatureCollection",
        **about,
        "features": [
            {
                "type": "Feature",
                "properties": {"name": one.name, **one.facts},
                "geometry": _geometry(one),
            }
            for one in features
        ],
    }
    return json.dumps(whole, ensure_ascii=False, allow_nan=False) + "\n"


def _geometry(one: GroundFeature) -> dict[str, Any]:
    if isinstance(one.what, Area):
        return geojson_geometry(one.what, _DEGREES)
    return {"type": "Point", "coordinates": list(_point(one.what))}


def _point(place: tuple[float, float]) -> tuple[float, float]:
    latitude, longitude = (degrees(angle) for angle in place)
    return round((longitude + 180.0) % 360.0 - 180.0, _DEGREES), round(latitude, _DEGREES)


def features_kml(features: Sequence[GroundFeature], name: str, description: str) -> str:
    """Features as KML on the ground; as `features_geojson`."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<kml xmlns="http://www.opengis.net/kml/2.2">',
        "<Document>",
        f"<name>{escape(name, quote=False)}</name>",
        f"<description>{escape(description, quote=False)}</description>",
    ]
    for one in features:
        lines += ["<Placemark>", f"<name>{escape(one.name, quote=False)}</name>", "<ExtendedData>"]
        lines += [
            f'<Data name="{escape(key)}"><value>{escape(str(value), quote=False)}</value></Data>'
            for key, value in one.facts.items()
            if value is not None
        ]
        lines.append("</ExtendedData>")
        lines += [*_drawn(one), "</Placemark>"]
    return "\n".join([*lines, "</Document>", "</kml>"]) + "\n"


def _drawn(one: GroundFeature) -> list[str]:
    geometry = _geometry(one)
    if geometry["type"] == "Point":
        x, y = geometry["coordinates"]
        return [f"<Point><coordinates>{x},{y},0</coordinates></Point>"]
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    lines = ["<MultiGeometry>"]
    for rings in polygons:
        lines.append("<Polygon><tessellate>1</tessellate>")
        for k, ring in enumerate(rings):
            side = "innerBoundaryIs" if k else "outerBoundaryIs"
            corners = " ".join(f"{x},{y},0" for x, y in ring)
            lines.append(
                f"<{side}><LinearRing><coordinates>{corners}</coordinates></LinearRing></{side}>"
            )
        lines.append("</Polygon>")
    return [*lines, "</MultiGeometry>"]
