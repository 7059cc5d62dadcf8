"""Trajectories for globes and maps: CZML, KML and GeoJSON.

References
----------
CZML Guide of the Cesium project (packets, intervals); OGC 12-007r2 (KML 2.3);
RFC 7946 (GeoJSON).
"""

from __future__ import annotations

import json
from html import escape
from typing import Any

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.io.ground import cut_at_180, ground_path, stretches
from cosmodrome.world.state import Trajectory, in_frame

__all__ = ["czml_text", "geojson_text", "kml_text"]

_DEGREES = 7  # decimals: a centimetre
_METRES = 2


def _not_empty(trajectory: Trajectory) -> None:
    if not len(trajectory):
        raise InputError("the trajectory is empty", key="trajectory", value=0)


def _line(trajectory: Trajectory) -> list[tuple[str, int, int, list[list[list[float]]]]]:
    """Name, start, stop and the pieces of each stretch as [longitude, latitude, altitude]."""
    path = ground_path(trajectory)
    found = []
    for name, start, stop in stretches(trajectory):
        part = slice(start, stop)
        pieces = cut_at_180(
            path.longitude_deg[part], path.latitude_deg[part], path.altitude_m[part]
        )
        rounded = [
            [
                [round(x, _DEGREES), round(y, _DEGREES), round(z, _METRES)]
                for x, y, z in piece.tolist()
            ]
            for piece in pieces
        ]
        found.append((name, start, stop, [piece for piece in rounded if len(piece) > 1]))
    return [one for one in found if one[3]]


def _events(trajectory: Trajectory) -> list[tuple[str, float, list[float]]]:
    """Name, time and place of the events inside the trajectory, linearly in between."""
    path = ground_path(trajectory)
    found = []
    for event in trajectory.events:
        if not trajectory.t_s[0] <= event.t_s <= trajectory.t_s[-1]:
            continue
        turned = np.unwrap(path.longitude_deg, period=360.0)
        place = [
            float(np.interp(event.t_s, trajectory.t_s, values))
            for values in (turned, path.latitude_deg, path.altitude_m)
        ]
        place[0] = (place[0] + 180.0) % 360.0 - 180.0
        rounded = [round(place[0], _DEGREES), round(place[1], _DEGREES), round(place[2], _METRES)]
        found.append((event.name, event.t_s, rounded))
    return found


def geojson_text(trajectory: Trajectory) -> str:
    """Ground track as GeoJSON: a line for each phase, a point for each event.

    Parameters
    ----------
    trajectory : Trajectory

    Returns
    -------
    str
        A FeatureCollection; lines that cross 180 degrees are cut there.

    Raises
    ------
    InputError
        If the trajectory is empty.

    Accuracy
    --------
    Straight lines between samples: at 10 s, 100 m in low orbit.
    """
    _not_empty(trajectory)
    features: list[dict[str, Any]] = []
    for name, start, stop, pieces in _line(trajectory):
        one = len(pieces) == 1
        features.append(
            {
                "type": "Feature",
                "properties": {
                    "name": name,
                    "start_utc": str(trajectory.epoch + float(trajectory.t_s[start])),
                    "stop_utc": str(trajectory.epoch + float(trajectory.t_s[stop - 1])),
                },
                "geometry": {
                    "type": "LineString" if one else "MultiLineString",
                    "coordinates": pieces[0] if one else pieces,
                },
            }
        )
    features += [
        {
            "type": "Feature",
            "properties": {"name": name, "utc": str(trajectory.epoch + t_s)},
            "geometry": {"type": "Point", "coordinates": place},
        }
        for name, t_s, place in _events(trajectory)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}) + "\n"


def kml_text(trajectory: Trajectory, name: str = "trajectory") -> str:
    """Trajectory as KML: lines at their altitude for each phase, points for events.

    As `geojson_text`; altitudes are above the ellipsoid and shown as such.
    """
    _not_empty(trajectory)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<kml xmlns="http://www.opengis.net/kml/2.2">',
        "<Document>",
        f"<name>{escape(name, quote=False)}</name>",
    ]
    for phase, start, stop, pieces in _line(trajectory):
        begin, end = (trajectory.epoch + float(trajectory.t_s[k]) for k in (start, stop - 1))
        lines += ["<Placemark>", f"<name>{escape(phase, quote=False)}</name>"]
        lines += [f"<TimeSpan><begin>{begin}</begin><end>{end}</end></TimeSpan>", "<MultiGeometry>"]
        for piece in pieces:
            points = " ".join(f"{x},{y},{z}" for x, y, z in piece)
            lines.append(
                "<LineString><altitudeMode>absolute</altitudeMode>"
                f"<coordinates>{points}</coordinates></LineString>"
            )
        lines += ["</MultiGeometry>", "</Placemark>"]
    for event, t_s, place in _events(trajectory):
        x, y, z = place
        lines += ["<Placemark>", f"<name>{escape(event, quote=False)}</name>"]
        lines.append(f"<TimeStamp><when>{trajectory.epoch + t_s}</when></TimeStamp>")
        lines.append(
            "<Point><altitudeMode>absolute</altitudeMode>"
            f"<coordinates>{x},{y},{z}</coordinates></Point>"
        )
        lines.append("</Placemark>")
    return "\n".join([*lines, "</Document>", "</kml>"]) + "\n"


def czml_text(trajectory: Trajectory, name: str = "trajectory") -> str:
    """Trajectory as CZML, with one interval of positions for each phase.

    Positions are Earth-fixed, so that a viewer needs no Earth orientation of
    its own, and intervals keep it from interpolating across a jump.

    Parameters
    ----------
    trajectory : Trajectory
    name : str, shown beside the object

    Raises
    ------
    InputError
        If the trajectory has no stretch of two states.

    Accuracy
    --------
    Positions to a centimetre; in between as the viewer interpolates (Lagrange
    of degree 5 is asked for: below 1 m for samples of 60 s in low orbit).
    """
    fixed = in_frame(trajectory, "ITRF").r_m
    epoch = str(trajectory.epoch)
    positions = []
    for _, start, stop in stretches(trajectory):
        if stop - start < 2:
            continue
        times = trajectory.t_s[start:stop]
        table = np.column_stack([np.round(times, 6), np.round(fixed[start:stop], 2)])
        ends = [str(trajectory.epoch + float(times[k])) for k in (0, -1)]
        positions.append(
            {
                "interval": "/".join(ends),
                "epoch": epoch,
                "referenceFrame": "FIXED",
                "interpolationAlgorithm": "LAGRANGE",
                "interpolationDegree": min(5, stop - start - 1),
                "cartesian": table.ravel().tolist(),
            }
        )
    if not positions:
        raise InputError("the trajectory has no stretch of two states", key="trajectory")
    whole = "/".join(str(trajectory.epoch + float(trajectory.t_s[k])) for k in (0, -1))
    span = float(trajectory.t_s[-1] - trajectory.t_s[0])
    packets = [
        {
            "id": "document",
            "name": name,
            "version": "1.0",
            "clock": {"interval": whole, "currentTime": whole.partition("/")[0], "multiplier": 10},
        },
        {
            "id": name,
            "name": name,
            "availability": whole,
            "position": positions,
            "point": {"pixelSize": 8, "color": {"rgba": [255, 200, 40, 255]}},
            "label": {"text": name, "pixelOffset": {"cartesian2": [12, 0]}},
            "path": {"width": 2, "leadTime": 0, "trailTime": min(span, 6000.0)},
        },
        *_event_packets(trajectory),
    ]
    return json.dumps(packets) + "\n"


def _event_packets(trajectory: Trajectory) -> list[dict[str, Any]]:
    return [
        {
            "id": f"event {k}",
            "name": event,
            "position": {"cartographicDegrees": place},
            "point": {"pixelSize": 5},
            "label": {"text": event, "font": "11px sans-serif"},
            "description": str(trajectory.epoch + t_s),
        }
        for k, (event, t_s, place) in enumerate(_events(trajectory), 1)
    ]
