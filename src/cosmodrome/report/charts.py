"""The flight against time, and where the delta-v went: one figure per chart."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cosmodrome.report.rows import loss_rows
from cosmodrome.report.theme import axis, layout, light
from cosmodrome.report.words import number, scaled

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from cosmodrome.campaign.answer import Answer

__all__ = ["Chart", "Mark", "column", "loss_chart", "marks", "overview", "time_charts"]

CLOSE = 0.03
"""Events closer than this part of the flight share one mark."""


STANDING_M_S = 1.0
"""Slower than this, the direction of flight means nothing."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure with its name for the page, a title and one line below it.

    `series` names what is drawn, each with its palette colour, for a legend in
    the page's own type; empty where the title says it all.
    """

    name: str
    title: str
    figure: Figure
    note: str = ""
    series: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A dotted line in every time chart: when, and the numbers of its events."""

    t_s: float
    label: str
    names: str


@dataclass(frozen=True, slots=True)
class Curves:
    """What one time chart draws: title, unit, columns with names and divisor."""

    name: str
    title: str
    unit: str
    columns: tuple[tuple[str, str], ...]
    divisor: float = 1.0
    limit: str = ""
    digits: int = 1
    note: str = ""
    floor: bool = True


CURVES = (
    Curves("altitude", "Altitude", "km", (("altitude_km", ""),)),
    Curves(
        "speed",
        "Speed",
        "m/s",
        (("speed_m_s", "relative to the turning Earth"), ("inertial_speed_m_s", "inertial")),
        digits=0,
    ),
    Curves("q", "Dynamic pressure", "kPa", (("q_pa", ""),), 1e3, "dynamic pressure", 2),
    Curves(
        "acceleration",
        "Axial acceleration",
        "m/s2",
        (("acceleration_m_s2", ""),),
        limit="acceleration",
    ),
    Curves("mass", "Mass", "t", (("mass_kg", ""),), 1e3, digits=2),
    Curves("thrust", "Thrust", "kN", (("thrust_n", ""),), 1e3, digits=0),
    Curves(
        "pitch",
        "Pitch and flight path",
        "deg",
        (("pitch_deg", "thrust axis above the horizon"), ("flight_path_angle_deg", "flight path")),
        floor=False,
    ),
    Curves(
        "alpha",
        "Angle of attack",
        "deg",
        (("alpha_deg", ""),),
        digits=2,
        note="Between thrust axis and the flow; above the air it only says how the stage steers.",
    ),
)


def column(answer: Answer, name: str) -> NDArray[np.float64] | None:
    """One column of the flown table as floats; None if absent or all undefined."""
    if name not in answer.table:
        return None
    values = np.asarray(answer.table[name], dtype=float)
    if name == "flight_path_angle_deg" and "speed_m_s" in answer.table:
        # On the pad the velocity has no direction.
        moving = np.asarray(answer.table["speed_m_s"], dtype=float) > STANDING_M_S
        values = np.where(moving, values, np.nan)
    return values if values.size and np.isfinite(values).any() else None


def marks(events: Sequence[dict[str, Any]]) -> list[Mark]:
    """Events as marks, numbered as in the event table; close ones are put together."""
    timed = [(i, float(e["t_s"]), str(e["name"])) for i, e in enumerate(events, start=1)]
    if not timed:
        return []
    apart = CLOSE * max(t for _, t, _ in timed)
    groups: list[list[tuple[int, float, str]]] = []
    for item in timed:
        if groups and item[1] - groups[-1][-1][1] < apart:
            groups[-1].append(item)
        else:
            groups.append([item])
    return [
        Mark(
            group[0][1],
            str(group[0][0]) if len(group) == 1 else f"{group[0][0]}-{group[-1][0]}",
            ", ".join(name.replace("_", " ") for _, _, name in group),
        )
        for group in groups
    ]


def _mark_shapes(found: Sequence[Mark]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Dotted lines and their numbers above the plot."""
    line = {"color": light("mark"), "width": 1, "dash": "dot"}
    shapes = [
        {"type": "line", "x0": m.t_s, "x1": m.t_s, "y0": 0, "y1": 1, "yref": "y domain"}
        | {"line": line, "layer": "below"}
        for m in found
    ]
    labels = [
        {"x": m.t_s, "y": 1.0, "yref": "y domain", "yanchor": "bottom", "showarrow": False}
        | {"text": m.label, "hovertext": html.escape(m.names)}
        | {"font": {"size": 10, "color": light("muted")}}
        for m in found
    ]
    return shapes, labels


def _limit_of(answer: Answer, named: str) -> float | None:
    """The limit whose name holds these words, in door units; None if there is none."""
    for item in answer.document.get("limits") or []:
        limit = item.get("limit")
        if named and named in str(item.get("name", "")).replace("_", " ").lower():
            return scaled(limit, str(item.get("unit", "")))[0] if _is_number(limit) else None
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and bool(np.isfinite(value))


def _trace(
    t: NDArray[np.float64], y: NDArray[np.float64], name: str, colour: str, spec: Curves
) -> dict[str, Any]:
    label = f"{name}: " if name else ""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": t.astype(np.float32),
        "y": y.astype(np.float32),
        "name": html.escape(name or spec.title),
        "line": {"color": light(colour), "width": 1.8, "simplify": False},
        "hovertemplate": f"{label}%{{y:.{spec.digits}f}} {spec.unit}<extra></extra>",
    }


def _time_chart(answer: Answer, spec: Curves, found: Sequence[Mark]) -> Chart | None:
    """One chart against time; None where the flight has none of its columns."""
    from plotly.graph_objects import Figure

    t = column(answer, "t_s")
    drawn = [(column(answer, key), name) for key, name in spec.columns]
    lines = [(y / spec.divisor, name) for y, name in drawn if y is not None]
    if t is None or not lines:
        return None
    colours = ("first", "second")
    traces = [
        _trace(t, y, name, colour, spec) for (y, name), colour in zip(lines, colours, strict=False)
    ]
    shapes, labels = _mark_shapes(found)
    limit = _limit_of(answer, spec.limit)
    top = max(float(np.nanmax(y)) for y, _ in lines)
    if limit is not None and limit < 2.5 * top:
        shapes.append(_limit_line(limit))
        labels.append(_limit_label(limit, spec))
    figure = Figure(
        data=traces,
        layout=layout(
            xaxis=axis(range=[0.0, float(t[-1])], showspikes=False, hoverformat=".1f"),
            yaxis=axis(rangemode="tozero" if spec.floor else "normal"),
            hovermode="x unified",
            shapes=shapes,
            annotations=labels,
        ),
    )
    series = tuple((name, colour) for (_, name), colour in zip(lines, colours, strict=False))
    return Chart(
        spec.name,
        f"{spec.title}, {spec.unit}",
        figure,
        spec.note,
        series if len(series) > 1 else (),
    )


def _limit_line(limit: float) -> dict[str, Any]:
    line = {"color": light("limit"), "width": 1.2, "dash": "dash"}
    return {"type": "line", "xref": "x domain", "x0": 0, "x1": 1, "y0": limit, "y1": limit} | {
        "line": line,
        "layer": "below",
    }


def _limit_label(limit: float, spec: Curves) -> dict[str, Any]:
    return {
        "xref": "x domain",
        "x": 1.0,
        "y": limit,
        "xanchor": "right",
        "yanchor": "bottom",
        "showarrow": False,
        "text": f"limit {limit:.4g} {spec.unit}",
        "font": {"size": 10, "color": light("limit")},
    }


def time_charts(answer: Answer) -> list[Chart]:
    """The flight against time, one small chart per quantity, in reading order."""
    found = marks(answer.document.get("events") or [])
    made = [_time_chart(answer, spec, found) for spec in CURVES]
    return [chart for chart in made if chart is not None]


def loss_chart(answer: Answer) -> Chart | None:
    """Ideal delta-v, less each loss, gives the speed gained: a waterfall."""
    from plotly.graph_objects import Figure

    rows = loss_rows(answer.document)
    if not rows:
        return None
    names = [html.escape(name) for name, _, _ in rows]
    bar = {"line": {"width": 0}}
    waterfall = {
        "type": "waterfall",
        "orientation": "h",
        "y": names,
        "x": [value for _, value, _ in rows],
        "measure": ["absolute"] + ["relative"] * (len(rows) - 2) + ["total"],
        "text": [number(value) for _, value, _ in rows],
        "textposition": "outside",
        "cliponaxis": False,
        "connector": {"line": {"color": light("mark"), "width": 1}},
        "increasing": {"marker": {"color": light("first")} | bar},
        "decreasing": {"marker": {"color": light("second")} | bar},
        "totals": {"marker": {"color": light("first")} | bar},
        "hovertemplate": "%{y}: %{text} m/s<extra></extra>",
    }
    top = max(value for _, value, _ in rows)
    figure = Figure(
        data=[waterfall],
        layout=layout(
            xaxis=axis(range=[0.0, 1.22 * top], tickformat="d", nticks=5),
            yaxis=axis(autorange="reversed", showgrid=False)
            | {"tickfont": {"color": light("ink"), "size": 12}},
            waterfallgap=0.45,
        ),
    )
    return Chart("losses", "Where the delta-v went, m/s", figure)


def overview(answer: Answer) -> Figure:
    """Six time charts in one figure, for a notebook.

    Raises
    ------
    InputError
        If nothing was flown, so that there is nothing to draw.
    """
    from plotly.subplots import make_subplots

    from cosmodrome.errors import InputError

    charts = [c for c in time_charts(answer) if c.name not in ("thrust", "alpha")]
    if not charts:
        raise InputError(f"nothing to plot: no trajectory was flown ({answer.status})")
    rows = (len(charts) + 1) // 2
    figure = make_subplots(
        rows, 2, shared_xaxes=True, subplot_titles=[chart.title for chart in charts],
        vertical_spacing=0.08, horizontal_spacing=0.08,
    )  # fmt: skip
    for i, chart in enumerate(charts):
        for trace in chart.figure.data:
            figure.add_trace(trace, row=i // 2 + 1, col=i % 2 + 1)
    figure.update_layout(
        layout(height=210 * rows, margin={"l": 8, "r": 12, "t": 36, "b": 36})
        | {"paper_bgcolor": light("card")}
    )
    figure.update_xaxes(axis())
    figure.update_yaxes(axis())
    figure.update_xaxes(title_text="seconds from lift-off", row=rows)
    figure.update_annotations(font={"size": 13, "color": light("ink")})
    return figure
