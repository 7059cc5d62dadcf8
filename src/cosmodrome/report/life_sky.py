"""A week of passes over the stations as bars, and the best of them across the sky."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.report.charts import Chart
from cosmodrome.report.life_charts import LEGEND, foreign, titled
from cosmodrome.report.life_course import DAY_S, WEEK_S, LifeCourse, View
from cosmodrome.report.theme import axis, layout, light
from cosmodrome.report.words import number
from cosmodrome.world.epoch import Epoch

__all__ = ["sky_charts", "week_chart"]

Floats = NDArray[np.float64]

COLOURS: Final = ("first", "second", "third")
DASHES: Final = ("solid", "dash", "dot")
SKIES: Final = 4
"""At most so many sky plots; the stations of the most passes."""
_ROOM: Final = 0.16  # of a day's row, left free between days
_POINTS: Final = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")


def after_midnight_s(start: Epoch) -> float:
    """Seconds since 0 h UTC; a leap second on the way moves a bar by 0.01 mm."""
    hours, minutes, seconds = start.utc(6).rstrip("Z")[11:].split(":")
    return 3600.0 * int(hours) + 60.0 * int(minutes) + float(seconds)


def week_chart(course: LifeCourse) -> Chart | None:
    """Every pass of the week: a row a day, a lane a station; None without stations."""
    from plotly.graph_objects import Figure

    views = [view for view in course.views if view.passes is not None]
    if not views:
        return None
    since = after_midnight_s(course.start)
    rows = math.ceil((since + WEEK_S) / DAY_S)
    lane = (1.0 - _ROOM) / len(views)
    data = []
    for k, view in enumerate(views):
        floor = 0.5 * _ROOM + (len(views) - 1 - k) * lane
        data.append(_bars(view, since, (floor, 0.94 * lane), COLOURS[k % 3]))
    middles = [-(row + 0.5) for row in range(rows)]
    texts = [(course.start + (DAY_S * (row + 0.5) - since)).utc(0)[:10] for row in range(rows)]
    figure = Figure(
        data=data,
        layout=layout(
            xaxis=axis(range=[0, 24], dtick=3, title=titled("Hour of the day, UTC")),
            yaxis=axis(range=[-rows, 0], tickvals=middles, ticktext=texts, showgrid=False),
            barmode="overlay",
            hovermode="closest",
            shapes=_day_lines(rows, since),
        ),
    )
    lanes = (
        "" if len(views) == 1 else " Lanes from above: " + ", ".join(v.name for v in views) + "."
    )
    note = (
        "A bar is as long as the pass and as tall as it is high: a full lane is 90 deg. Left "
        f"out is what stays below the station's mask, or where its link does not close.{lanes}"
    )
    series = tuple((view.name, COLOURS[k % 3]) for k, view in enumerate(views))
    title = "Passes of the first week"
    return Chart("week", title, figure, note, series if len(series) > 1 else ())


def _bars(view: View, since: float, lane: tuple[float, float], colour: str) -> dict[str, Any]:
    """One station's passes; a pass through midnight is cut there."""
    passes = view.passes
    assert passes is not None
    begin, length, middle, thick, told = [], [], [], [], []
    for rise, end, top in zip(
        passes.t_s[0] + since, passes.t_s[2] + since, passes.look.elevation_rad[1], strict=True
    ):
        share = lane[1] * top / (0.5 * math.pi)
        text = f"{(passes.start + (rise - since)).utc(0)}<br>{(end - rise) / 60.0:.1f} min, "
        for day in range(int(rise // DAY_S), int(end // DAY_S) + 1):
            first, last = max(rise, day * DAY_S), min(end, (day + 1) * DAY_S)
            begin.append((first - day * DAY_S) / 3600.0)
            length.append((last - first) / 3600.0)
            middle.append(-(day + 1) + lane[0] + 0.5 * share)
            thick.append(share)
            told.append(f"{text}up to {math.degrees(top):.1f} deg")
    return {
        "type": "bar",
        "orientation": "h",
        "base": begin,
        "x": length,
        "y": middle,
        "width": thick,
        "marker": {"color": light(colour), "line": {"width": 0}},
        "customdata": told,
        "hovertemplate": f"{foreign(view.name)}<br>%{{customdata}}<extra></extra>",
    }


def _day_lines(rows: int, since: float) -> list[dict[str, Any]]:
    """Lines between days, and the hours of the first and last day that are not searched."""
    rule = {"color": light("rule"), "width": 1}
    shapes: list[dict[str, Any]] = [
        {"type": "line", "x0": 0, "x1": 24, "y0": -k, "y1": -k, "line": rule, "layer": "below"}
        for k in range(rows + 1)
    ]
    until = ((since + WEEK_S) % DAY_S) / 3600.0
    for x0, x1, y in ((0.0, since / 3600.0, -1), (until, 24.0, -rows)):
        if 0.0 < x1 - x0 < 24.0:
            blank = {"type": "rect", "x0": x0, "x1": x1, "y0": y, "y1": y + 1}
            shapes.append(
                blank | {"fillcolor": light("grid"), "line": {"width": 0}, "layer": "below"}
            )
    return shapes


def sky_charts(views: Sequence[View]) -> list[Chart]:
    """The highest passes over each station, from zenith to horizon."""
    seen = [view for view in views if view.best]
    chosen = sorted(seen, key=lambda view: -len(view.passes or ()))[:SKIES]
    return [_sky(view, k) for k, view in enumerate(one for one in seen if one in chosen)]


def _sky(view: View, place: int) -> Chart:
    from plotly.graph_objects import Figure

    data: list[dict[str, Any]] = []
    for arc, colour, dash in zip(view.best, COLOURS, DASHES, strict=False):
        data += _arc(arc.look.azimuth_rad, arc.look.elevation_rad, colour, dash,
                     f"{arc.seen.culmination.epoch.utc(0)}, "
                     f"{number(math.degrees(arc.seen.max_elevation_rad), 1)} deg")  # fmt: skip
    quiet: dict[str, Any] = {"gridcolor": light("grid"), "linecolor": light("rule"), "ticks": ""}
    quiet["tickfont"] = {"color": light("muted"), "size": 11}
    heights = (30, 60)
    figure = Figure(
        data=data,
        layout=layout(
            polar={
                "bgcolor": "rgba(0,0,0,0)",
                "angularaxis": quiet
                | {"rotation": 90, "direction": "clockwise"}
                | {"tickvals": list(range(0, 360, 45)), "ticktext": list(_POINTS)},
                "radialaxis": quiet
                | {"range": [0, 90], "angle": 0, "tickangle": 0}
                | {"tickvals": [90 - h for h in heights]}
                | {"ticktext": [f"{h}\N{DEGREE SIGN}" for h in heights]},
            },
            margin={"l": 24, "r": 24, "t": 24, "b": 8},
            showlegend=True,
            legend=LEGEND | {"orientation": "v", "y": -0.08, "yanchor": "top"},
        ),
    )
    mask = "" if view.mask_rad is None else f" Link from {math.degrees(view.mask_rad):.1f} deg up."
    note = f"Ring: where it rises. Rim: horizon, centre: straight up.{mask} Of passes alike, one."
    return Chart(f"sky-{place}", f"Highest passes over {view.name}", figure, note)


def _arc(
    azimuth: Floats, elevation: Floats, colour: str, dash: str, name: str
) -> list[dict[str, Any]]:
    """A pass as a line with a ring where it rises."""
    theta, r = np.degrees(azimuth), 90.0 - np.degrees(elevation)
    base = {"type": "scatterpolar", "hoverinfo": "skip"}
    line = {"color": light(colour), "width": 2.2, "dash": dash}
    ring = {"size": 8, "color": light("card"), "line": {"color": light(colour), "width": 2}}
    path = {"mode": "lines", "theta": theta.astype(np.float32), "r": r.astype(np.float32)}
    start = {"mode": "markers", "theta": [float(theta[0])], "r": [float(r[0])], "marker": ring}
    return [
        base | path | {"line": line, "name": name},
        base | start | {"showlegend": False},
    ]
