"""A satellite's day on the map, its year in the Sun and its fall: one figure per chart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.io.ground import cut_at_180
from cosmodrome.orbit.lifetime import YEAR_S
from cosmodrome.report.charts import Chart
from cosmodrome.report.life_course import DAY_S, LifeCourse, View
from cosmodrome.report.maps import COASTLINE_SOURCE, coastlines
from cosmodrome.report.theme import axis, layout, light
from cosmodrome.report.words import significant

if TYPE_CHECKING:
    from cosmodrome.orbit.lifetime import Lifetime
    from cosmodrome.satellite.budget import Budget
    from cosmodrome.world.epoch import Epoch

__all__ = ["LEGEND", "dates", "day_track", "fan_chart", "foreign", "titled", "year_charts"]

Floats = NDArray[np.float64]

LEGEND: Final[dict[str, Any]] = {
    "orientation": "h",
    "x": 0.0,
    "y": 1.0,
    "xanchor": "left",
    "yanchor": "bottom",
    "font": {"size": 11, "color": light("muted")},
}
"""A chart's own legend: it shows dashes, which stay apart where colours do not."""

FAN: Final = (
    ("low", "second", "dash", "weak"),
    ("mean", "first", "solid", "mean"),
    ("high", "third", "dot", "strong"),
)
_GAP: Final = np.array([[np.nan, np.nan]])
_BREAK: Final = np.full((1, 3), np.nan)
_LABEL: Final = {"size": 11, "color": light("muted")}


def titled(text: str) -> dict[str, Any]:
    """An axis title in muted ink."""
    return {"text": text, "font": _LABEL, "standoff": 6}


def dates(start: Epoch, t_s: Floats) -> list[str]:
    """UTC texts as a chart's date axis reads them."""
    return [(start + float(t)).utc(0).rstrip("Z") for t in t_s]


def curve(x: Any, y: Floats, colour: str, dash: str = "solid", **more: Any) -> dict[str, Any]:
    """One line; single precision keeps the page small."""
    line = {"color": light(colour), "width": 1.8, "dash": dash, "simplify": False}
    base = {"type": "scatter", "mode": "lines", "x": x, "y": np.asarray(y, dtype=np.float32)}
    return base | {"line": line, "showlegend": False} | more


def _land() -> tuple[Floats, Floats]:
    """Land and shores of the whole world with gaps between; a coast past 180 deg stands twice."""
    rings: list[Floats] = []
    for ring in coastlines():
        for turn in (-360.0, 0.0, 360.0):
            moved = ring + np.array([turn, 0.0])
            if moved[:, 0].max() > -180.0 and moved[:, 0].min() < 180.0:
                rings += [moved, _GAP]
    land = np.concatenate(rings)
    # The edge of Antarctica at the pole is the map's, not a shore.
    return land, np.where(np.abs(land[:, 1:]) >= 90.0, np.nan, land)


def _places(views: Sequence[View]) -> dict[str, Any]:
    """Stations as triangles with their names."""
    wrapped = [(math.degrees(v.place.longitude_rad) + 180.0) % 360.0 - 180.0 for v in views]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": wrapped,
        "y": [math.degrees(view.place.latitude_rad) for view in views],
        "text": [foreign(view.name) for view in views],
        "textposition": ["middle left" if x > 0.0 else "middle right" for x in wrapped],
        "textfont": {"size": 12, "color": light("ink")},
        "marker": {"symbol": "triangle-up", "size": 10, "color": light("ink")},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def foreign(text: str) -> str:
    """A foreign text as the drawing library takes it, which reads some HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def day_track(course: LifeCourse) -> Chart:
    """The ground track of the first day, its first revolution and the stations on it."""
    from plotly.graph_objects import Figure

    path = course.path
    land, shores = _land()
    fill = {"fill": "toself", "fillcolor": light("land"), "hoverinfo": "skip"}
    data = [
        curve(land[:, 0].astype(np.float32), land[:, 1], "land", **fill) | {"line": {"width": 0}},
        curve(shores[:, 0].astype(np.float32), shores[:, 1], "coast", hoverinfo="skip"),
    ]
    data[1]["line"]["width"] = 0.8
    first = path.t_s <= path.period_s
    for chosen, colour, width in ((path.t_s >= 0.0, "mark", 1.2), (first, "first", 2.6)):
        columns = (path.longitude_deg, path.latitude_deg, path.t_s / 3600.0)
        pieces = cut_at_180(*(column[chosen] for column in columns))
        line = np.concatenate([part for piece in pieces for part in (piece, _BREAK)])
        line = line.astype(np.float32)
        drawn = curve(line[:, 0], line[:, 1], colour, customdata=line[:, 2])
        drawn["line"]["width"] = width
        drawn["hovertemplate"] = "%{customdata:.2f} h<br>%{y:.1f}, %{x:.1f} deg<extra></extra>"
        data.append(drawn)
    data += [_beginning(course), _places(course.views)]
    note = (
        f"24 hours from {course.start.utc(0)}. Heavy: the first revolution, from the ring on. "
        f"{COASTLINE_SOURCE}"
    )
    figure = Figure(data=data, layout=_map_layout())
    return Chart("track", "Ground track of a day", figure, note)


def _beginning(course: LifeCourse) -> dict[str, Any]:
    path = course.path
    ring = {"size": 9, "color": light("card"), "line": {"color": light("first"), "width": 2}}
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [float(path.longitude_deg[0])],
        "y": [float(path.latitude_deg[0])],
        "marker": ring,
        "hovertemplate": "start<extra></extra>",
        "showlegend": False,
    }


def _map_layout() -> dict[str, Any]:
    def ticks(step: int, most: int, sides: tuple[str, str]) -> dict[str, Any]:
        values = list(range(-most, most + 1, step))
        texts = [
            f"{abs(v)}\N{DEGREE SIGN}"
            + ("" if v in (0, -180, 180) else f" {sides[0] if v > 0 else sides[1]}")
            for v in values
        ]
        return {"tickvals": values, "ticktext": texts, "constrain": "domain"}

    return layout(
        plot_bgcolor=light("sea"),
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        hovermode="closest",
        dragmode="pan",
        xaxis=axis(range=[-180, 180], **ticks(60, 180, ("E", "W"))),
        yaxis=axis(range=[-90, 90], scaleanchor="x", **ticks(30, 90, ("N", "S"))),
    )


def _year(name: str, title: str, when: list[str], data: list[dict[str, Any]], note: str) -> Chart:
    from plotly.graph_objects import Figure

    many = any(one.get("showlegend") for one in data)
    figure = Figure(
        data=data,
        layout=layout(
            xaxis=axis(type="date", range=[when[0], when[-1]], tickformat="%b\n%Y", nticks=6),
            yaxis=axis(rangemode="normal" if name == "beta" else "tozero"),
            hovermode="x unified",
            showlegend=many,
            legend=LEGEND,
            margin={"l": 8, "r": 12, "t": 24 if many else 14, "b": 8},
        ),
    )
    return Chart(name, title, figure, note)


def year_charts(course: LifeCourse, power: Budget | None) -> list[Chart]:
    """Beta and eclipse over the year, and what they do to power where that is reckoned."""
    profile = course.profile
    when = dates(profile.start, profile.t_s)
    beta = curve(when, np.degrees(profile.beta_rad), "first")
    beta["hovertemplate"] = "%{y:.1f} deg<extra></extra>"
    whole = curve(when, profile.penumbra_s / 60.0, "first", name="with penumbra", showlegend=True)
    dark = curve(when, profile.umbra_s / 60.0, "second", "dash", name="umbra", showlegend=True)
    for one in (whole, dark):
        one["hovertemplate"] = "%{fullData.name} %{y:.2f} min<extra></extra>"
    return [
        _year("beta", "Sun above the orbit's plane (beta), deg", when, [beta], ""),
        _year("eclipse", "Eclipse in a revolution, min", when, [whole, dark], ""),
        *_power_charts(course, power),
    ]


def _power_charts(course: LifeCourse, power: Budget | None) -> list[Chart]:
    """Power and depth of discharge from the budget's own table."""
    named = [one for one in power.tables if one.name == "power over a year"] if power else []
    if power is None or not named:
        return []
    columns = dict(zip(named[0].columns, zip(*named[0].rows, strict=True), strict=True))
    when = dates(course.start, np.array(columns["day"], dtype=float) * DAY_S)
    data = []
    for key, colour, dash in (("made", "first", "solid"), ("used", "second", "dash")):
        values = np.array(columns[f"{key} W"], dtype=float)
        drawn = curve(when, values, colour, dash, name=key, showlegend=True)
        data.append(drawn | {"hovertemplate": f"{key} %{{y:.1f}} W<extra></extra>"})
    depth = np.array(columns["depth of discharge"], dtype=float)
    deep = curve(when, 100.0 * depth, "first", name="reached", showlegend=True)
    allowed = np.full(depth.size, 100.0 * power.value("allowed depth"))
    most = curve(when, allowed, "limit", "dash", name="allowed", showlegend=True)
    for one in (deep, most):
        one["hovertemplate"] = "%{fullData.name} %{y:.1f} %<extra></extra>"
    return [
        _year("power", "Power at the end of life, orbit mean, W", when, data, ""),
        _year("depth", "Depth of discharge, % of capacity", when, [deep, most], ""),
    ]


def fan_chart(course: LifeCourse, life: Lifetime) -> Chart:
    """The fall under a weak, a mean and a strong Sun, beside the years of the lives drawn."""
    from plotly.graph_objects import Figure

    data, ends = [], []
    for level, colour, dash, word in FAN:
        fall = course.fan[level]
        years = fall.t_s[:, 0] / YEAR_S
        ends.append(float(years[-1]))
        for heights, which, width in (
            (fall.perigee_m, "perigee", 1.2),
            (fall.apogee_m, "apogee", 2.2),
        ):
            drawn = curve(years, heights[:, 0] / 1e3, colour, dash, name=f"{word} Sun")
            drawn["line"]["width"] = width
            drawn["showlegend"] = which == "apogee"
            drawn["hovertemplate"] = (
                f"{word} Sun, {which}<br>%{{x:.2f}} years, %{{y:.0f}} km<extra></extra>"
            )
            data.append(drawn)
    far = _reach(life, max(ends))
    shapes, labels = _percentiles(life, far)
    height = f"Years from {life.epoch.utc(0)[:10]}"
    figure = Figure(
        data=data,
        layout=layout(
            xaxis=axis(range=[0.0, far], title=titled(height)),
            yaxis=axis(rangemode="tozero", title=titled("km")),
            hovermode="closest",
            shapes=shapes,
            annotations=labels,
            showlegend=True,
            legend=LEGEND | {"y": 1.09},
            margin={"l": 8, "r": 12, "t": 52, "b": 8},
        ),
    )
    note = (
        f"Heavy: apogee; thin: perigee; NRLMSISE-00. Shaded: nine in ten of {life.years.size} "
        "lives, drawn with the Sun to come, both density models, their error and that of the area."
    )
    return Chart("fan", "Mean altitude until decay, km", figure, note)


def _reach(life: Lifetime, last: float) -> float:
    late = life.quantile(0.95)
    return 1.04 * max(last, late) if math.isfinite(late) else life.horizon_years


def _percentiles(life: Lifetime, far: float) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The span of nine lives in ten, the median, and what to write above them."""
    low, middle, high = (life.quantile(share) for share in (0.05, 0.5, 0.95))
    base = {"yref": "y domain", "y0": 0, "y1": 1, "layer": "below"}
    shapes: list[dict[str, Any]] = []
    if math.isfinite(low):
        span = {"type": "rect", "x0": low, "x1": min(high, far), "fillcolor": light("wash")}
        shapes.append(base | span | {"line": {"width": 0}})
    if not math.isfinite(middle):
        return shapes, []
    line = {"color": light("muted"), "width": 1.2, "dash": "dot"}
    shapes.append(base | {"type": "line", "x0": middle, "x1": middle, "line": line})
    told = {"text": f"median {significant(middle)} years", "font": _LABEL, "showarrow": False}
    side = "left" if middle < 0.5 * far else "right"
    where = {"x": middle, "y": 1.0, "yref": "y domain", "yanchor": "bottom", "xanchor": side}
    return shapes, [told | where]
