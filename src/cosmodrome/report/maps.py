"""The flight over the Earth: a ground track on a map and an arc over a globe.

Coastlines come from a data file of the package; nothing is fetched.
"""

from __future__ import annotations

import functools
import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cosmodrome.report.charts import Chart, Mark, column, marks
from cosmodrome.report.theme import axis, layout, light

if TYPE_CHECKING:
    from cosmodrome.campaign.answer import Answer

__all__ = ["COASTLINE_SOURCE", "coastlines", "globe", "ground_track", "split_at_180"]

Array = NDArray[np.float64]

COASTLINE_SOURCE = "Coastlines: Natural Earth, 1:50 million, public domain, simplified."
EARTH_KM = 6371.0
GAP = np.array([[np.nan, np.nan]])
WIDE_DEG = 300.0
"""A track longer than this in longitude is drawn on the whole world."""


@functools.cache
def coastlines() -> tuple[Array, ...]:
    """Closed rings of land, each of shape (n, 2): longitude and latitude in degrees.

    Longitudes run on past 180 deg where a coast does.
    """
    text = resources.files("cosmodrome.report").joinpath("data/coastlines.json").read_text("utf-8")
    return tuple(
        np.cumsum(np.array(flat, dtype=float).reshape(-1, 2), axis=0) / 100.0
        for flat in json.loads(text)["rings"]
    )


def split_at_180(longitude_deg: Array, *others: Array) -> tuple[Array, ...]:
    """The arrays with a gap (NaN) wherever the longitude jumps across 180 deg."""
    jumps = np.flatnonzero(np.abs(np.diff(longitude_deg)) > 180.0) + 1
    return tuple(np.insert(a.astype(float), jumps, np.nan) for a in (longitude_deg, *others))


@dataclass(frozen=True, slots=True)
class Track:
    """The ground track with the heights and events along it."""

    t_s: Array
    longitude_deg: Array
    latitude_deg: Array
    altitude_km: Array
    events: tuple[Mark, ...]

    def at(self, t_s: float) -> tuple[float, float, float]:
        """Unrolled longitude, latitude and height at a time."""
        longitude = np.unwrap(self.longitude_deg, period=360.0)
        curves = (longitude, self.latitude_deg, self.altitude_km)
        lon, lat, height = (float(np.interp(t_s, self.t_s, c)) for c in curves)
        return lon, lat, height


def track(answer: Answer) -> Track | None:
    """The track of an answer; None where nothing was flown."""
    names = ("t_s", "longitude_deg", "latitude_deg", "altitude_km")
    found = [column(answer, name) for name in names]
    t, longitude, latitude, altitude = found
    if t is None or longitude is None or latitude is None or altitude is None:
        return None
    events = tuple(marks(answer.document.get("events") or []))
    return Track(t, longitude, latitude, altitude, events)


@dataclass(frozen=True, slots=True)
class Window:
    """The part of the world a map opens on, degrees."""

    west: float
    east: float
    south: float
    north: float

    @property
    def latitude(self) -> float:
        """The middle latitude."""
        return 0.5 * (self.south + self.north)


WORLD = Window(-180.0, 180.0, -90.0, 90.0)


def _window(longitude: Array, latitude: Array) -> Window:
    """A window with room round the track, at least 12 deg high, about 2:1 on the page."""
    if np.ptp(longitude) > WIDE_DEG:
        return WORLD
    south, north = float(latitude.min()), float(latitude.max())
    middle = 0.5 * (south + north)
    squeeze = max(0.25, float(np.cos(np.radians(middle))))
    width = 1.3 * float(np.ptp(longitude)) + 4.0
    height = max(12.0, 1.5 * (north - south), 0.5 * width * squeeze)
    width = max(width, 2.0 * height / squeeze)
    centre = 0.5 * float(longitude.min() + longitude.max())
    bottom = min(max(-90.0, middle - 0.5 * height), 90.0 - height)
    return Window(centre - 0.5 * width, centre + 0.5 * width, bottom, bottom + height)


def _land(window: Window) -> tuple[Array, Array, Array]:
    """Land that can be seen from the window: whole islands, what lies about a pole, its shores.

    Rings have gaps between; every one is taken at all shifts by 360 deg that bring it
    near the window. A ring about a pole is closed along it, where there is no shore.
    """
    margin = window.east - window.west
    whole, rings, shores = [GAP], [GAP], [GAP]
    for ring in coastlines():
        for turn in (-360.0, 0.0, 360.0):
            moved = ring + np.array([turn, 0.0])
            if moved[:, 0].max() < window.west - margin or moved[:, 0].min() > window.east + margin:
                continue
            polar = np.abs(moved[:, 1]) >= 90.0
            if not polar.any():
                whole += [moved, GAP]
                continue
            rings += [moved, GAP]
            shores += [np.where(polar[:, None], np.nan, moved), GAP]
    return np.concatenate(whole), np.concatenate(rings), np.concatenate(shores)


def _ticks(low: float, high: float) -> tuple[list[float], list[str]]:
    """Longitude ticks at round degrees, labelled within 180 deg."""
    span = high - low
    step = next(s for s in (2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 90.0) if span / s <= 6 or s == 90.0)
    values = [float(v) for v in np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step]
    return values, [_longitude_text(value) for value in values]


def _longitude_text(degrees: float) -> str:
    wrapped = (degrees + 180.0) % 360.0 - 180.0
    side = "" if wrapped in (0.0, -180.0) else " E" if wrapped > 0.0 else " W"
    return f"{abs(wrapped):g}\N{DEGREE SIGN}{side}"


def _latitude_ticks(window: Window) -> tuple[list[float], list[str]]:
    values, _ = _ticks(window.south, window.north)
    texts = [f"{abs(v):g}\N{DEGREE SIGN}{' N' if v > 0 else ' S' if v < 0 else ''}" for v in values]
    return values, texts


def _line(points: Array, **more: Any) -> dict[str, Any]:
    base = {"type": "scatter", "mode": "lines", "hoverinfo": "skip"}
    xy = {"x": points[:, 0].astype(np.float32), "y": points[:, 1].astype(np.float32)}
    return base | xy | more


def _flight_line(flown: Track, *, whole_world: bool) -> tuple[Array, Array, Array]:
    """Longitude, latitude and time of the drawn track: split or unrolled."""
    if whole_world:
        lon, lat, t = split_at_180(flown.longitude_deg, flown.latitude_deg, flown.t_s)
        return lon, lat, t
    return np.unwrap(flown.longitude_deg, period=360.0), flown.latitude_deg, flown.t_s


def _dots(flown: Track, *, whole_world: bool) -> dict[str, Any]:
    """Numbered event dots on the map."""
    places = [flown.at(event.t_s) for event in flown.events]
    xs = [(x + 180.0) % 360.0 - 180.0 if whole_world else x for x, _, _ in places]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": xs,
        "y": [y for _, y, _ in places],
        "text": _spaced_labels(flown, places, 0.05),
        "textposition": "top center",
        "textfont": {"size": 11, "color": light("ink")},
        "marker": {
            "size": 7,
            "color": light("card"),
            "line": {"color": light("first"), "width": 2},
        },
        "customdata": [html.escape(event.names) for event in flown.events],
        "hovertemplate": "%{customdata}<extra></extra>",
        "cliponaxis": False,
    }


def _spaced_labels(
    flown: Track, places: Sequence[tuple[float, float, float]], share: float
) -> list[str]:
    """Event numbers, joined where dots are nearer than a share of the track, so none overprint."""
    longitude = np.unwrap(flown.longitude_deg, period=360.0)
    room = share * max(float(np.ptp(longitude)), float(np.ptp(flown.latitude_deg)), 1.0)
    labels: list[str] = []
    for i, event in enumerate(flown.events):
        label, near = (
            event.label,
            [j for j in range(i) if labels[j] and _apart(places[i], places[j]) < room],
        )
        if near:
            before = labels[near[0]]
            next_to = near[0] == i - 1 or not any(labels[near[0] + 1 : i])
            joint = f"{before.split('-')[0]}-{label.split('-')[-1]}"
            labels[near[0]] = joint if next_to else f"{before}, {label}"
            label = ""
        labels.append(label)
    return labels


def _apart(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """Degrees between two places on the map, the short way round."""
    across = (one[0] - other[0] + 180.0) % 360.0 - 180.0
    return float(np.hypot(across, one[1] - other[1]))


def ground_track(answer: Answer) -> Chart | None:
    """The path below the flight on a map; None where nothing was flown."""
    from plotly.graph_objects import Figure

    flown = track(answer)
    if flown is None:
        return None
    window = _window(np.unwrap(flown.longitude_deg, period=360.0), flown.latitude_deg)
    whole = window == WORLD
    islands, polar, shores = _land(window)
    lon, lat, t = _flight_line(flown, whole_world=whole)
    path = _line(np.column_stack([lon, lat]), line={"color": light("first"), "width": 2.6})
    path |= {"customdata": t.astype(np.float32), "hoverinfo": "all"}
    path["hovertemplate"] = "T+%{customdata:.0f} s<br>%{y:.2f}, %{x:.2f} deg<extra></extra>"
    filled = {"fill": "toself", "fillcolor": light("land")}
    coast = {"color": light("coast"), "width": 0.8}
    land = [
        _line(polar, line={"width": 0}, **filled),
        _line(shores, line=coast),
        _line(islands, line=coast, **filled),
    ]
    figure = Figure(data=[*land, path, _dots(flown, whole_world=whole)], layout=_map_layout(window))
    return Chart("track", "Ground track", figure, COASTLINE_SOURCE)


def _map_layout(window: Window) -> dict[str, Any]:
    x_values, x_texts = _ticks(window.west, window.east)
    y_values, y_texts = _latitude_ticks(window)
    squeeze = max(0.25, float(np.cos(np.radians(window.latitude))))
    return layout(
        plot_bgcolor=light("sea"),
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        hovermode="closest",
        dragmode="pan",
        xaxis=axis(range=[window.west, window.east], tickvals=x_values, ticktext=x_texts),
        yaxis=axis(
            range=[window.south, window.north],
            tickvals=y_values,
            ticktext=y_texts,
            scaleanchor="x",
            scaleratio=1.0 / squeeze,
        ),
    )


def _on_sphere(longitude_deg: Array, latitude_deg: Array, height_km: Any) -> dict[str, Array]:
    """Earth-fixed kilometres of points over a round Earth, as plot coordinates."""
    lon, lat = np.radians(longitude_deg), np.radians(latitude_deg)
    radius = EARTH_KM + height_km
    x, y = radius * np.cos(lat) * np.cos(lon), radius * np.cos(lat) * np.sin(lon)
    z = radius * np.sin(lat) * np.ones_like(lon)
    return {"x": x.astype(np.float32), "y": y.astype(np.float32), "z": z.astype(np.float32)}


def _globe_line(lon: Array, lat: Array, height_km: Any, **line: Any) -> dict[str, Any]:
    base = {"type": "scatter3d", "mode": "lines", "hoverinfo": "skip", "line": line}
    return base | _on_sphere(lon, lat, height_km)


@functools.cache
def land_mask() -> NDArray[np.uint8]:
    """1 on land and 0 at sea on a 0.25 deg grid, shape (721, 1441).

    Rows run from -90 to 90, columns from -180 to 180 deg. Every parallel is cut
    with all coasts; between odd and even cuts lies land.
    """
    starts = np.concatenate([ring[:-1] for ring in coastlines()])
    ends = np.concatenate([ring[1:] for ring in coastlines()])
    longitudes, latitudes = np.linspace(-180.0, 180.0, 1441), np.linspace(-90.0, 90.0, 721)
    mask = np.zeros((latitudes.size, longitudes.size), dtype=np.uint8)
    for row, latitude in enumerate(latitudes + 1e-6):
        crosses = (starts[:, 1] > latitude) != (ends[:, 1] > latitude)
        a, b = starts[crosses], ends[crosses]
        cuts = a[:, 0] + (latitude - a[:, 1]) / (b[:, 1] - a[:, 1]) * (b[:, 0] - a[:, 0])
        # Coasts run on past 180 deg, so each copy of the Earth is counted.
        beyond = np.sort(np.concatenate([cuts + turn for turn in (-360.0, 0.0, 360.0)]))
        mask[row] = np.searchsorted(beyond, longitudes) % 2
    mask[latitudes < -85.0] = 1
    return mask


def _tint(lon: Array, lat: Array) -> NDArray[np.uint8]:
    """Land or sea at any places, from the nearest grid point."""
    rows = np.clip(np.round((lat + 90.0) * 4.0), 0, 720).astype(int)
    columns = np.round(((lon + 180.0) % 360.0) * 4.0).astype(int)
    tint: NDArray[np.uint8] = land_mask()[rows, columns]
    return tint


def _flat_surface(colours: tuple[str, str]) -> dict[str, Any]:
    """A surface with no light and no shade."""
    return {
        "type": "surface",
        "showscale": False,
        "hoverinfo": "skip",
        "lighting": {"ambient": 1.0, "diffuse": 0.0, "specular": 0.0, "fresnel": 0.0},
        "colorscale": [[0.0, light(colours[0])], [1.0, light(colours[1])]],
        "contours": {name: {"highlight": False} for name in "xyz"},
    }


def _ground(lon: Array, lat: Array, height_km: float) -> dict[str, Any]:
    """A piece of the Earth tinted where there is land; whole kilometres keep it small."""
    places = _on_sphere(lon, lat, height_km)
    whole = {name: values.round().astype(np.int16) for name, values in places.items()}
    tint = {"surfacecolor": _tint(lon, lat), "cmin": 0, "cmax": 1}
    return _flat_surface(("sea", "land")) | whole | tint


def _ball() -> dict[str, Any]:
    """The whole Earth, 1.5 deg apart, a little low so that finer pieces show."""
    lon, lat = np.meshgrid(np.linspace(-180.0, 180.0, 241), np.linspace(-90.0, 90.0, 121))
    return _ground(lon, lat, -24.0)


def _patch(flown: Track) -> dict[str, Any]:
    """The Earth within 30 deg of the flight's middle, 0.3 deg apart."""
    lon0, lat0, _ = flown.at(0.5 * float(flown.t_s[0] + flown.t_s[-1]))
    up = _unit(lon0, lat0)
    east = _unit(lon0 + 90.0, 0.0)
    a, b = np.meshgrid(np.radians(np.linspace(-30.0, 30.0, 201)), np.radians(
        np.linspace(-30.0, 30.0, 201)))  # fmt: skip
    v = [u + np.tan(a) * e + np.tan(b) * n
         for u, e, n in zip(up, east, np.cross(up, east), strict=True)]  # fmt: skip
    lat = np.degrees(np.arctan2(v[2], np.hypot(v[0], v[1])))
    return _ground(np.degrees(np.arctan2(v[1], v[0])), lat, -9.0)


def _graticule() -> dict[str, Any]:
    sweep = np.append(np.linspace(-180.0, 180.0, 121), np.nan)
    half = np.append(np.linspace(-90.0, 90.0, 61), np.nan)
    meridians = [np.where(np.isnan(half), np.nan, m) for m in np.arange(-180.0, 180.0, 30.0)]
    parallels = [np.where(np.isnan(sweep), np.nan, p) for p in np.arange(-60.0, 61.0, 30.0)]
    lon = np.concatenate([*meridians, *[sweep] * len(parallels)])
    lat = np.concatenate([*[half] * len(meridians), *parallels])
    return _globe_line(lon, lat, -2.0, color=light("rule"), width=1)


def _curtain(flown: Track) -> dict[str, Any]:
    """A thin wall from the ground track up to the flight, so that height can be seen."""
    lon, lat = np.tile(flown.longitude_deg, (2, 1)), np.tile(flown.latitude_deg, (2, 1))
    height = np.vstack([np.zeros_like(flown.altitude_km), flown.altitude_km])
    return _flat_surface(("first", "first")) | {"opacity": 0.22} | _on_sphere(lon, lat, height)


def _unit(longitude_deg: Any, latitude_deg: Any) -> Array:
    """Unit vectors, shape (3, ...)."""
    lon, lat = np.radians(longitude_deg), np.radians(latitude_deg)
    return np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def _travelled_rad(flown: Track) -> float:
    """Angle flown over the ground, all turns counted."""
    along = _unit(flown.longitude_deg, flown.latitude_deg)
    steps = np.sum(along[:, 1:] * along[:, :-1], axis=0)
    return float(np.sum(np.arccos(np.clip(steps, -1.0, 1.0))))


def _camera(flown: Track, reach_km: float) -> dict[str, Any]:
    """A view from the side of the flight, above it, with the Earth's edge behind.

    Lengths are in units of the drawn cube's side; a flight half round the
    Earth or more is seen from afar.
    """
    first, last = (_unit(*flown.at(float(t))[:2]) for t in (flown.t_s[0], flown.t_s[-1]))
    side = np.cross(first, last)
    side *= (-1.0 if side[2] > 0.0 else 1.0) / max(float(np.linalg.norm(side)), 1e-9)
    middle = first + last
    middle /= max(float(np.linalg.norm(middle)), 1e-9)
    travelled = _travelled_rad(flown)
    if travelled > 1.5:
        centre, eye = 0.0 * middle, 1.15 * middle + 0.35 * side
    else:
        centre = 0.5 * EARTH_KM / reach_km * middle
        eye = centre + max(travelled, 0.25) * (0.55 * middle + 0.55 * side)

    def point(v: Array) -> dict[str, float]:
        return {name: round(float(c), 4) for name, c in zip("xyz", v, strict=True)}

    return {"center": point(centre), "eye": point(eye), "up": point(middle)}


def _scene(flown: Track) -> dict[str, Any]:
    reach = max(1.15 * EARTH_KM, 1.05 * (EARTH_KM + float(flown.altitude_km.max())))
    hidden = {"visible": False, "range": [-reach, reach], "showspikes": False}
    scene = {f"{name}axis": hidden for name in "xyz"}
    return scene | {"aspectmode": "cube", "camera": _camera(flown, reach), "dragmode": "orbit"}


def globe(answer: Answer) -> Chart | None:
    """The flight as an arc over the Earth, true to scale; None if nothing was flown."""
    from plotly.graph_objects import Figure

    flown = track(answer)
    if flown is None:
        return None
    shores = np.concatenate([np.concatenate([ring, GAP]) for ring in coastlines()])
    shores[np.abs(shores[:, 1]) >= 90.0] = np.nan
    lon, lat = flown.longitude_deg, flown.latitude_deg
    data = [
        _ball(),
        _patch(flown),
        _graticule(),
        _globe_line(shores[:, 0], shores[:, 1], 0.0, color=light("coast"), width=1.5),
        _globe_line(lon, lat, 6.0, color=light("mark"), width=2),
        _curtain(flown),
        _globe_line(lon, lat, flown.altitude_km, color=light("first"), width=5),
        _globe_dots(flown),
    ]
    none = {"l": 0, "r": 0, "t": 0, "b": 0}
    figure = Figure(data=data, layout=layout(scene=_scene(flown), margin=none))
    note = "Heights true to scale. Drag to turn, scroll to come closer."
    return Chart("globe", "Over the Earth", figure, note)


def _globe_dots(flown: Track) -> dict[str, Any]:
    places = [flown.at(event.t_s) for event in flown.events]
    columns = np.array(places, dtype=float).reshape(-1, 3).T
    return {
        "type": "scatter3d",
        "mode": "markers+text",
        "text": _spaced_labels(flown, places, 0.1),
        "textposition": "top center",
        "textfont": {"size": 12, "color": light("ink")},
        "marker": {"size": 4, "color": light("first")},
        "customdata": [html.escape(event.names) for event in flown.events],
        "hovertemplate": "%{customdata}<extra></extra>",
    } | _on_sphere(columns[0], columns[1], columns[2])
