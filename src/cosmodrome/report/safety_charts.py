"""Where an ascent may come down, where it is meant to, and what that adds up to: the figures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.report.charts import Chart
from cosmodrome.report.life_charts import curve, foreign, titled
from cosmodrome.report.safety_map import View, drawn, line, markers, view_of
from cosmodrome.report.theme import axis, layout, light
from cosmodrome.world.places import NearPlace, nearest_places
from cosmodrome.world.polygons import ellipse
from cosmodrome.world.polygons_geodesic import distance_m

if TYPE_CHECKING:
    from cosmodrome.safety.casualty import Casualty
    from cosmodrome.safety.casualty_estimate import Assessment

__all__ = ["casualty_map", "casualty_sum", "drop_maps"]

Array = NDArray[np.float64]

_MOST_DOTS: Final = 400
_LARGEST: Final = 26.0
_MARKED_KM: Final = (100.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0)
_PLACE: Final = ("latitude_deg", "longitude_deg")
_TOGETHER: Final = 4.0  # half lengths of the longest ellipse
_SQUARE: Final = 1.35
_WIDE: Final = 2.1
_AROUND: Final = 1.5
_LOOKED: Final = 400  # places looked at for a map
_NAMED: Final = 10
_APART: Final = (0.12, 0.06)  # of the picture's width and height
_BESIDE: Final = ("middle right", "middle left", "top center", "bottom center")
_LABEL: Final = {"size": 11, "color": light("ink")}
_LINES: Final = (("first", "solid"), ("second", "dash"), ("third", "dot"))


def casualty_map(found: Assessment, parts: Sequence[Mapping[str, Any]] = ()) -> Chart:
    """The impact point's trace and its corridor, the areas that add to the sum, and drop zones.

    Parameters
    ----------
    found : Assessment
    parts : sequence of mapping, as `dropzones --json` has them

    Returns
    -------
    Chart
    """
    from cosmodrome.safety.corridor import edges

    trace = found.corridor.trace
    left, right = edges(found.corridor)
    around = [np.column_stack([trace.latitude_rad, trace.longitude_rad]), left, right]
    every = np.concatenate(around)
    view = view_of(every[:, 0], every[:, 1])
    data = [
        line(view, edge[:, 0], edge[:, 1], "mark", width=1.4, dash="dash") for edge in (left, right)
    ]
    data.append(_dots(view, found.estimates[0].result))
    if found.dragged is not None:
        other = found.dragged.upto(int(np.searchsorted(found.dragged.t_s, trace.t_s[-1])))
        data.append(
            line(view, other.latitude_rad, other.longitude_rad, "second", width=1.4, dash="dot")
        )
    widest = (_rings(part)[-1] for part in parts)
    data += [line(view, ring[:, 0], ring[:, 1], "third", width=1.6) for ring in widest]
    data += [_trace(view, found), _times(view, found)]
    note = (
        f"Impact points {trace.how}, to {found.corridor.ends}; dashed, the corridor's edges. Dots: "
        f"areas of people, sized by what they add to the casualty expectation "
        f"({found.estimates[0].name}, high estimate)."
    )
    series = [("impact point in vacuum", "first"), ("area of people", "limit")]
    if found.dragged is not None:
        series.insert(1, (f"impact point {found.dragged.how}", "second"))
    if parts:
        series.append(("planned drop zone, 99 %", "third"))
    return drawn("corridor", "Where it would come down", view, data, note, tuple(series))


def _trace(view: View, found: Assessment) -> dict[str, Any]:
    trace = found.corridor.trace
    drawn_line = line(view, trace.latitude_rad, trace.longitude_rad, "first", width=2.6)
    told = np.column_stack([trace.t_s, trace.range_m / 1e3, trace.fall_s]).astype(np.float32)
    drawn_line |= {"customdata": told, "hoverinfo": "all"}
    drawn_line["hovertemplate"] = (
        "engine stops at T+%{customdata[0]:.1f} s<br>%{customdata[1]:.0f} km from the pad, "
        "%{customdata[2]:.0f} s later<extra></extra>"
    )
    return drawn_line


def _times(view: View, found: Assessment) -> dict[str, Any]:
    """The pad, and round distances with the second of flight."""
    trace = found.corridor.trace
    far = [km for km in _MARKED_KM if km * 1e3 < trace.range_m[-1]]
    nodes = [0, *(int(np.searchsorted(trace.range_m, km * 1e3)) for km in far)]
    nodes = [min(k, len(trace) - 1) for k in nodes]
    text = ["pad", *(f"T+{trace.t_s[k]:.0f} s" for k in nodes[1:])]
    ring = {"size": 7, "color": light("card"), "line": {"color": light("first"), "width": 2}}
    return markers(
        view, trace.latitude_rad[nodes], trace.longitude_rad[nodes], mode="markers+text",
        text=text, textposition="middle right", textfont=_LABEL, marker=ring, hoverinfo="skip",
    )  # fmt: skip


def _dots(view: View, result: Casualty) -> dict[str, Any]:
    """The areas that add most, area of the dot in proportion."""
    order = np.argsort(-result.high, kind="stable")[:_MOST_DOTS]
    order = order[result.high[order] > 0.0]
    cells = result.cells
    most = float(result.high[order[0]]) if order.size else 1.0
    size = np.maximum(2.0, _LARGEST * np.sqrt(result.high[order] / most))
    told = [
        f"{foreign(cells.country[k]) or 'no country'}<br>{cells.low[k]:,.0f} to "
        f"{cells.high[k]:,.0f} people<br>impact probability {result.impact_p[k]:.1e}<br>"
        f"casualties {result.low[k]:.1e} to {result.high[k]:.1e}"
        for k in order.tolist()
    ]
    style = {"size": size.astype(np.float32), "color": light("limit"), "opacity": 0.5}
    style["line"] = {"width": 0}
    return markers(
        view, cells.latitude_rad[order], cells.longitude_rad[order], marker=style,
        text=told, hovertemplate="%{text}<extra></extra>",
    )  # fmt: skip


def casualty_sum(found: Assessment) -> Chart:
    """How the casualty expectation grows while the impact point runs ahead."""
    from plotly.graph_objects import Figure

    data = []
    ends = [found.corridor.trace.t_s[-1]]
    for one, (colour, dash) in zip(found.estimates, _LINES, strict=True):
        order = np.argsort(one.result.t_s, kind="stable")
        t = np.concatenate([[0.0], one.result.t_s[order], ends])
        total = np.cumsum(one.result.high[order])
        y = np.concatenate([[0.0], total, total[-1:] if total.size else [0.0]])
        drawn_line = curve(t.astype(np.float32), y, colour, dash, name=one.name, showlegend=True)
        drawn_line["hovertemplate"] = f"{one.name}: %{{y:.2e}}<extra></extra>"
        data.append(drawn_line)
    figure = Figure(
        data=data,
        layout=layout(
            xaxis=axis(title=titled("time of failure, s after lift-off"), rangemode="tozero"),
            yaxis=axis(rangemode="tozero", exponentformat="e", nticks=5),
            hovermode="x unified",
            showlegend=True,
            legend={
                "orientation": "h", "x": 0.0, "y": 1.0, "xanchor": "left", "yanchor": "bottom",
                "font": {"size": 11, "color": light("muted")},
            },
            margin={"l": 8, "r": 12, "t": 28, "b": 8},
        ),
    )  # fmt: skip
    note = "High estimates; a rise stands where the impact point passes people."
    return Chart("sum", "Expected casualties by then", figure, note)


# ---------------------------------------------------------------- drop zones


def drop_maps(parts: Sequence[Mapping[str, Any]]) -> list[Chart]:
    """Close maps of where dropped parts come down: ellipses of 50, 90 and 99 %, and places.

    Parameters
    ----------
    parts : sequence of mapping, as `dropzones --json` has them

    Returns
    -------
    list of Chart
        One for each group of parts that come down near one another.
    """
    groups = _groups(parts)
    shape = _WIDE if len(groups) == 1 else _SQUARE  # one has the page's width, several half of it
    return [_drop_map(f"drops-{k}", group, shape) for k, group in enumerate(groups, 1)]


def _groups(parts: Sequence[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """Parts whose ellipses lie near enough to be seen on one map."""
    found: list[list[Mapping[str, Any]]] = []
    for part in parts:
        for group in found:
            away = min(_apart_km(part, other) for other in group)
            widest = max(_widest_km(other) for other in (part, *group))
            if away < _TOGETHER * widest:
                group.append(part)
                break
        else:
            found.append([part])
    return found


def _apart_km(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    places = [math.radians(p[key]) for p in (one, other) for key in _PLACE]
    return float(distance_m(*places)) / 1e3


def _widest_km(part: Mapping[str, Any]) -> float:
    return max(float(one["semi_major_km"]) for one in part["ellipses"])


def _drop_map(name: str, parts: Sequence[Mapping[str, Any]], shape: float) -> Chart:
    rings = [_rings(part) for part in parts]
    every = np.concatenate([ring for of_part in rings for ring in of_part])
    view = view_of(every[:, 0], every[:, 1], shape, _AROUND)
    data = []
    for k, of_part in enumerate(rings):
        colour, dash = _LINES[1 + k % 2]
        for j, ring in enumerate(of_part):
            width = max(2.4 - 0.7 * j, 0.9)
            data.append(line(view, ring[:, 0], ring[:, 1], colour, width=width, dash=dash))
    data += [*_places(view), _named(view, parts)]
    title = ", ".join(str(part["name"]) for part in parts)
    note = (
        "Ellipses hold 50, 90 and 99 % of the falls, the smallest drawn heaviest. Places: GeoNames."
    )
    return drawn(name, title, view, data, note)


def _rings(part: Mapping[str, Any]) -> list[Array]:
    """Outlines of a part's ellipses, the smallest first."""
    found = []
    for one in sorted(part["ellipses"], key=lambda e: e["probability"]):
        latitude, longitude = (math.radians(one.get(key, part[key])) for key in _PLACE)
        sizes = (1e3 * one["semi_major_km"], 1e3 * one["semi_minor_km"])
        area = ellipse(latitude, longitude, *sizes, math.radians(one["azimuth_deg"]), 72)
        found.append(np.asarray(area.rings[0]))
    return found


def _places(view: View) -> list[dict[str, Any]]:
    """The largest listed places in the picture."""
    reach_m = 500.0 * math.hypot(view.width_km, view.height_km)
    latitude, longitude = view.back(np.array([view.right_km]), np.array([view.up_km]))
    listed = nearest_places(float(latitude[0]), float(longitude[0]), count=_LOOKED)
    near = [one for one in listed if one.distance_m < reach_m]
    inside = _spaced(view, sorted(near, key=lambda one: -one.people))
    if not inside:
        return []
    dot = {"size": 5, "color": light("muted")}
    return [
        markers(
            view,
            [one.latitude_rad for one in inside],
            [one.longitude_rad for one in inside],
            mode="markers+text",
            text=[foreign(one.name) for one in inside],
            textposition="bottom center",
            textfont=_LABEL | {"color": light("muted")},
            marker=dot,
            customdata=[f"{foreign(one.name)}, {one.people:,} people" for one in inside],
            hovertemplate="%{customdata}<extra></extra>",
        )
    ]


def _spaced(view: View, listed: Sequence[NearPlace]) -> list[NearPlace]:
    """The first of them in the picture, none so near another that names overprint."""
    kept: list[tuple[float, float, NearPlace]] = []
    for one in listed:
        x, y = (float(v) for v in view.place(one.latitude_rad, one.longitude_rad))
        free = all(
            abs(x - a) > _APART[0] * view.width_km or abs(y - b) > _APART[1] * view.height_km
            for a, b, _ in kept
        )
        if free and bool(view.seen(np.array([x]), np.array([y]), -_APART[1])[0]):
            kept.append((x, y, one))
        if len(kept) == _NAMED:
            break
    return [one for _, _, one in kept]


def _named(view: View, parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    told = [
        f"{foreign(str(part['name']))}<br>T+{part['t_s']:.0f} s, {part['surface']}"
        f"{', ' + foreign(str(part['country'])) if part.get('country') else ''}"
        for part in parts
    ]
    return markers(
        view,
        np.radians([part["latitude_deg"] for part in parts]),
        np.radians([part["longitude_deg"] for part in parts]),
        mode="markers+text",
        text=[foreign(str(part["name"])) for part in parts],
        textposition=[_BESIDE[k % len(_BESIDE)] for k in range(len(parts))],
        textfont=_LABEL,
        marker={"size": 6, "color": light("ink")},
        customdata=told,
        hovertemplate="%{customdata}<extra></extra>",
    )
