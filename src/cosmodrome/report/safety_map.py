"""Maps of where things fall: round a middle point, so that poles and 180 degrees need no care.

Every map shows distances and directions from its middle as they are (azimuthal
equidistant), in kilometres. Land is tinted from the program's own raster; coasts
and borders are lines, so that nothing has to be cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.report.charts import Chart
from cosmodrome.report.theme import layout, light

__all__ = ["View", "drawn", "line", "markers", "view_of"]

Array = NDArray[np.float64]

_SOURCE: Final = (
    "Coasts and borders: Natural Earth, 1:10 million; borders as held on the ground, no statement."
)
_POLE: Final = np.radians(89.99)
EARTH_KM: Final = 6371.0
_FARTHEST_RAD: Final = 2.4
_GRID: Final = 420
_BEYOND: Final = 1.5  # land is drawn so much wider than the view: a page has another shape
_MARGIN: Final = 0.25
_ROOM: Final = 1.12
_LEAST_KM: Final = 60.0
_FINE: Final = 400  # a line has no more points across the map than this


@dataclass(frozen=True, slots=True)
class View:
    """The part of the world a map shows.

    Parameters
    ----------
    latitude_rad, longitude_rad : float, its middle
    width_km, height_km : float, from edge to edge
    right_km, up_km : float, the middle of the picture from the middle point
    """

    latitude_rad: float
    longitude_rad: float
    width_km: float
    height_km: float
    right_km: float = 0.0
    up_km: float = 0.0

    def place(self, latitude_rad: Any, longitude_rad: Any) -> tuple[Array, Array]:
        """Kilometres to the right and up; NaN for what is too far round the Earth."""
        lat, lon = np.asarray(latitude_rad, float), np.asarray(longitude_rad, float)
        turn = lon - self.longitude_rad
        s0, c0 = np.sin(self.latitude_rad), np.cos(self.latitude_rad)
        s, c = np.sin(lat), np.cos(lat)
        east, north = c * np.sin(turn), c0 * s - s0 * c * np.cos(turn)
        flat = np.hypot(east, north)
        away = np.arctan2(flat, s0 * s + c0 * c * np.cos(turn))
        scale = np.where(flat > 1e-12, away / np.maximum(flat, 1e-12), 1.0) * EARTH_KM
        scale = np.where(away > _FARTHEST_RAD, np.nan, scale)
        return east * scale, north * scale

    def back(self, right_km: Array, up_km: Array) -> tuple[Array, Array]:
        """Latitude and longitude of places of the map."""
        away = np.hypot(right_km, up_km) / EARTH_KM
        course = np.arctan2(right_km, up_km)
        s0, c0 = np.sin(self.latitude_rad), np.cos(self.latitude_rad)
        sine = s0 * np.cos(away) + c0 * np.sin(away) * np.cos(course)
        latitude = np.arcsin(np.clip(sine, -1.0, 1.0))
        turn = np.arctan2(np.sin(course) * np.sin(away) * c0, np.cos(away) - s0 * sine)
        return latitude, self.longitude_rad + turn

    @property
    def grain_km(self) -> float:
        """What is smaller than this cannot be seen."""
        return max(self.width_km, self.height_km) / _FINE

    def seen(self, x: Array, y: Array, margin: float = 0.0) -> NDArray[np.bool_]:
        """Whether places lie in the picture, or so much of its size beside it."""
        wide, tall = (0.5 + margin) * self.width_km, (0.5 + margin) * self.height_km
        with np.errstate(invalid="ignore"):
            inside = (np.abs(x - self.right_km) <= wide) & (np.abs(y - self.up_km) <= tall)
        return np.asarray(inside)


def view_of(
    latitude_rad: Array, longitude_rad: Array, shape: float = 1.9, room: float = _ROOM
) -> View:
    """A view that holds all places, about so many times as wide as high.

    Parameters
    ----------
    latitude_rad, longitude_rad : array, shape (n,), at least one
    shape : float, width over height of the picture
    room : float, how much larger it is than the places

    Returns
    -------
    View
    """
    lat, lon = np.asarray(latitude_rad, float), np.asarray(longitude_rad, float)
    flat = np.cos(lat)
    x, y, z = (float(np.mean(v)) for v in (flat * np.cos(lon), flat * np.sin(lon), np.sin(lat)))
    middle = View(float(np.arctan2(z, np.hypot(x, y))), float(np.arctan2(y, x)), 1.0, 1.0)
    right, up = middle.place(lat, lon)
    (x0, x1), (y0, y1) = ((float(np.nanmin(v)), float(np.nanmax(v))) for v in (right, up))
    wide = max(room * (x1 - x0), shape * room * (y1 - y0), _LEAST_KM)
    return View(
        middle.latitude_rad, middle.longitude_rad, wide, wide / shape,
        0.5 * (x0 + x1), 0.5 * (y0 + y1),
    )  # fmt: skip


# ---------------------------------------------------------------- what is drawn


def line(
    view: View, latitude_rad: Any, longitude_rad: Any, colour: str, **more: Any
) -> dict[str, Any]:
    """A line between places; `dash`, `width` and what else plotly takes."""
    x, y = view.place(latitude_rad, longitude_rad)
    style = {"color": light(colour), "width": more.pop("width", 2.0), "simplify": False}
    style["dash"] = more.pop("dash", "solid")
    base = {"type": "scatter", "mode": "lines", "x": _short(x), "y": _short(y), "line": style}
    return base | {"hoverinfo": "skip", "showlegend": False} | more


def markers(view: View, latitude_rad: Any, longitude_rad: Any, **more: Any) -> dict[str, Any]:
    """Dots at places."""
    x, y = view.place(latitude_rad, longitude_rad)
    base = {"type": "scatter", "mode": "markers", "x": _short(x), "y": _short(y)}
    return base | {"showlegend": False} | more


def _short(values: Array) -> NDArray[np.float32]:
    """Single precision keeps the page small."""
    return np.asarray(values, dtype=np.float32)


def drawn(
    name: str,
    title: str,
    view: View,
    data: Sequence[dict[str, Any]],
    note: str,
    series: tuple[tuple[str, str], ...] = (),
) -> Chart:
    """A map with land, coasts, borders, a scale and what is laid over them.

    Parameters
    ----------
    name, title, note : str
    view : View
    data : sequence of dict, from `line` and `markers`
    series : tuple of (name, colour), for the legend

    Returns
    -------
    Chart
    """
    from plotly.graph_objects import Figure

    ground = [_land(view), *_graticule(view), *_lines(view)]
    figure = Figure(data=[*ground, *data, *_scale(view, data)], layout=_layout(view))
    told = f"{note} {_SOURCE}"
    return Chart(name, title, figure, told.strip(), series)


def _land(view: View) -> dict[str, Any]:
    """Land and sea as a raster of the picture."""
    from cosmodrome.world.land import is_land

    wide, tall = 0.5 * _BEYOND * view.width_km, 0.5 * _BEYOND * view.height_km
    rows = max(2, round(_GRID * tall / wide))
    x = view.right_km + np.linspace(-wide, wide, _GRID)
    y = view.up_km + np.linspace(-tall, tall, rows)
    grid = np.meshgrid(x, y)
    latitude, longitude = view.back(*grid)
    return {
        "type": "heatmap",
        "x": _short(x),
        "y": _short(y),
        "z": is_land(latitude, longitude).astype(np.uint8),
        "zmin": 0,
        "zmax": 1,
        "colorscale": [[0.0, light("sea")], [1.0, light("land")]],
        "showscale": False,
        "hoverinfo": "skip",
        "zsmooth": False,
    }


def _lines(view: View) -> list[dict[str, Any]]:
    """Coasts and borders between countries, thinned to what can be seen."""
    from cosmodrome.world.land_lines import load_land

    land = load_land()
    lat1, lon1, lat2, lon2 = land.ends_rad(slice(None))
    starts, ends = view.place(lat1, lon1), view.place(lat2, lon2)
    seen = view.seen(*starts, _MARGIN) | view.seen(*ends, _MARGIN)
    border = (land.left >= 0) & (land.right >= 0)
    # The edge of the map at the pole and at 180 degrees is no shore.
    drawn_on = (np.abs(lat1) < _POLE) | (np.abs(lat2) < _POLE)
    coasts = _chained(np.flatnonzero(seen & ~border & drawn_on), starts, ends, view.grain_km)
    borders = _chained(np.flatnonzero(seen & border), starts, ends, view.grain_km)
    return [*_joined(coasts, "coast", 0.8), *_joined(borders, "mark", 0.8)]


def _chained(
    chosen: NDArray[np.int64],
    starts: tuple[Array, Array],
    ends: tuple[Array, Array],
    grain: float,
) -> list[Array]:
    """Edges put together to lines: each goes on from the one before, or begins a new one."""
    if not chosen.size:
        return []
    (x1, y1), (x2, y2) = ([v[chosen] for v in pair] for pair in (starts, ends))
    away = np.hypot(x1[1:] - x2[:-1], y1[1:] - y2[:-1])
    parts = []
    for piece in np.split(np.arange(chosen.size), np.flatnonzero(~(away < 0.01)) + 1):
        x, y = np.append(x1[piece], x2[piece[-1]]), np.append(y1[piece], y2[piece[-1]])
        parts.append(_thinned(x, y, grain))
    return parts


def _visible(view: View, x: Array, y: Array) -> list[Array]:
    """The runs of a line in the picture and a little beside it, thinned."""
    near = view.seen(x, y, _MARGIN)
    if not np.any(near):
        return []
    wide = near.copy()
    wide[1:] |= near[:-1]
    wide[:-1] |= near[1:]
    starts = np.flatnonzero(np.diff(np.concatenate([[0], wide.view(np.int8), [0]])))
    return [
        _thinned(x[a:b], y[a:b], view.grain_km)
        for a, b in zip(starts[::2], starts[1::2], strict=True)
    ]


def _thinned(x: Array, y: Array, grain: float) -> Array:
    """A line without points nearer to one another than a grain, its ends kept."""
    way = np.concatenate([[0.0], np.nancumsum(np.hypot(np.diff(x), np.diff(y)))])
    keep = np.concatenate([[True], np.diff(np.floor(way / grain)) > 0.0])
    keep[-1] = True
    return np.column_stack([x[keep], y[keep]])


def _joined(parts: Sequence[Array], colour: str, width: float) -> list[dict[str, Any]]:
    """Lines with gaps between them as one."""
    if not parts:
        return []
    gap = np.full((1, 2), np.nan)
    whole = np.concatenate([piece for part in parts for piece in (part, gap)])
    style = {"color": light(colour), "width": width, "simplify": False}
    return [
        {
            "type": "scatter", "mode": "lines", "x": _short(whole[:, 0]), "y": _short(whole[:, 1]),
            "line": style, "hoverinfo": "skip", "showlegend": False,
        }
    ]  # fmt: skip


def _graticule(view: View) -> list[dict[str, Any]]:
    """Meridians and parallels at round degrees."""
    across_deg = float(np.degrees(max(view.width_km, view.height_km) / EARTH_KM))
    step = next((s for s in (0.5, 1.0, 2.0, 5.0, 10.0, 20.0) if across_deg / s <= 8.0), 30.0)
    parts: list[Array] = []
    latitudes = np.arange(-90.0 + step, 90.0, step)
    sweep = np.radians(np.linspace(-180.0, 180.0, 721))
    for latitude in latitudes:
        parts += _visible(view, *view.place(np.full(sweep.size, np.radians(latitude)), sweep))
    rise = np.radians(np.linspace(-90.0 + step, 90.0 - step, 361))
    for longitude in np.arange(-180.0, 180.0, step):
        parts += _visible(view, *view.place(rise, np.full(rise.size, np.radians(longitude))))
    return _joined(parts, "rule", 0.7)


def _scale(view: View, data: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """A bar of a round length in the lower corner that has less in it."""
    steps = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
    long = next((s for s in reversed(steps) if s < 0.22 * view.width_km), steps[0])
    y = view.up_km - 0.44 * view.height_km
    left = view.right_km - 0.47 * view.width_km
    right = view.right_km + 0.40 * view.width_km - long
    busy = [_within(data, x, x + long + 0.08 * view.width_km, view) for x in (left, right)]
    x = left if busy[0] <= busy[1] else right
    style = {"color": light("muted"), "width": 2}
    return [
        {
            "type": "scatter", "mode": "lines+text", "x": [x, x + long], "y": [y, y],
            "text": ["", f" {long} km"], "textposition": "middle right", "line": style,
            "textfont": {"size": 11, "color": light("muted")}, "hoverinfo": "skip",
            "showlegend": False,
        }
    ]  # fmt: skip


def _within(data: Sequence[dict[str, Any]], first: float, last: float, view: View) -> int:
    """How many points lie in a lower corner."""
    low = view.up_km - 0.36 * view.height_km
    count = 0
    for one in data:
        x, y = np.asarray(one["x"], dtype=float), np.asarray(one["y"], dtype=float)
        with np.errstate(invalid="ignore"):
            count += int(np.sum((x >= first) & (x <= last) & (y <= low)))
    return count


def _layout(view: View) -> dict[str, Any]:
    hidden = {"visible": False, "fixedrange": False}
    wide, tall = 0.5 * view.width_km, 0.5 * view.height_km
    return layout(
        plot_bgcolor=light("sea"),
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        hovermode="closest",
        dragmode="pan",
        xaxis=hidden | {"range": [view.right_km - wide, view.right_km + wide]},
        yaxis=hidden
        | {"range": [view.up_km - tall, view.up_km + tall], "scaleanchor": "x", "scaleratio": 1.0},
    )
