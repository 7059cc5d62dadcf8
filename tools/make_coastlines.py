"""Make the coastline data of the reports from Natural Earth's land polygons.

Run once, when the source changes; the result is committed:

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/make_coastlines.py package/land-50m.json

The source is TopoJSON: quantised arcs, shared between rings. Rings are put
together, simplified (Douglas-Peucker), rounded to 0.01 deg and written as
differences of whole hundredths of a degree, which keeps the file small.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

TOLERANCE_DEG = 0.045
"""Largest distance a simplified coast departs from the source, about 5 km."""

SMALLEST_DEG = 0.3
"""Islands whose larger side is below this are left out."""

TARGET = Path(__file__).parents[1] / "src/cosmodrome/report/data/coastlines.json"


def arcs_deg(topology: dict[str, Any]) -> list[Points]:
    """Every arc of the topology in degrees, longitude and latitude."""
    scale = np.array(topology["transform"]["scale"])
    shift = np.array(topology["transform"]["translate"])
    return [np.cumsum(np.array(arc), axis=0) * scale + shift for arc in topology["arcs"]]


def ring(indices: list[int], arcs: list[Points]) -> Points:
    """One closed ring; a negative index ~i means arc i walked backwards."""
    pieces = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in indices]
    return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])


def rings_deg(topology: dict[str, Any]) -> list[Points]:
    """All rings of all polygons, outer and inner alike."""
    arcs = arcs_deg(topology)
    polygons: list[list[list[int]]] = []
    for geometry in topology["objects"]["land"]["geometries"]:
        many = geometry["type"] == "MultiPolygon"
        polygons += geometry["arcs"] if many else [geometry["arcs"]]
    return [ring(indices, arcs) for polygon in polygons for indices in polygon]


def unrolled(points: Points) -> Points:
    """The ring with continuous longitudes, closed round the pole if it circles one.

    A coast that crosses 180 deg goes on to 181 deg and beyond, so that the
    reader can draw it whole and shifted by 360 deg, with no line across the map.
    """
    path = points.copy()
    path[:, 0] = np.unwrap(path[:, 0], period=360.0)
    path[:, 0] -= 360.0 * np.round(0.5 * (path[:, 0].min() + path[:, 0].max()) / 360.0)
    if abs(path[-1, 0] - path[0, 0]) < 180.0:
        return path
    pole = -90.0 if path[:, 1].mean() < 0.0 else 90.0
    return np.concatenate([path, [[path[-1, 0], pole], [path[0, 0], pole], path[0]]])


def simplified(points: Points, tolerance_deg: float) -> Points:
    """Douglas-Peucker on an open line; both ends are kept."""
    keep = np.zeros(len(points), dtype=bool)
    keep[[0, -1]] = True
    stack = [(0, len(points) - 1)]
    while stack:
        first, last = stack.pop()
        if last - first < 2:
            continue
        chord = points[last] - points[first]
        offset = points[first + 1 : last] - points[first]
        length = float(np.hypot(*chord))
        across = np.abs(chord[0] * offset[:, 1] - chord[1] * offset[:, 0])
        distance = across / length if length > 0.0 else np.hypot(*offset.T)
        far = int(np.argmax(distance))
        if distance[far] > tolerance_deg:
            middle = first + 1 + far
            keep[middle] = True
            stack += [(first, middle), (middle, last)]
    return points[keep]


def encoded(points: Points) -> list[int]:
    """First point, then differences, in hundredths of a degree, x and y in turn."""
    whole = np.round(points * 100.0).astype(int)
    steps = np.diff(whole, axis=0, prepend=[[0, 0]])
    moved = np.any(steps != 0, axis=1)
    moved[0] = True
    flat: list[int] = steps[moved].ravel().tolist()
    return flat


def coastlines(topology: dict[str, Any]) -> dict[str, Any]:
    """The document that is written, with its provenance."""
    large = [r for r in rings_deg(topology) if np.ptp(r, axis=0).max() >= SMALLEST_DEG]
    lines = [simplified(unrolled(r), TOLERANCE_DEG) for r in large]
    return {
        "source": "Natural Earth 4.1.0, land, 1:50 million (public domain)",
        "by_way_of": "npm world-atlas 2.0.2, land-50m.json (ISC)",
        "made_by": "tools/make_coastlines.py",
        "tolerance_deg": TOLERANCE_DEG,
        "unit": "0.01 deg, longitude and latitude in turn, first point then differences",
        "rings": [encoded(line) for line in lines if len(line) > 3],
    }


def main() -> None:
    """Read the topology named on the command line, write the data file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("topology", type=Path, help="land-50m.json of world-atlas")
    document = coastlines(json.loads(parser.parse_args().topology.read_text()))
    TARGET.write_text(json.dumps(document, separators=(",", ":")) + "\n")
    points = sum(len(r) // 2 for r in document["rings"])
    print(
        f"{TARGET.name}: {len(document['rings'])} rings, {points} points, "
        f"{TARGET.stat().st_size / 1000:.0f} kB"
    )


if __name__ == "__main__":
    main()
