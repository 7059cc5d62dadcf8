"""A payload map as a chart: contours, the orbits flown, and lines where the answer bends."""

from __future__ import annotations

import html
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cosmodrome.report.charts import Chart
from cosmodrome.report.theme import axis, layout, light
from cosmodrome.report.words import number, plain

if TYPE_CHECKING:
    from cosmodrome.campaign.map_kinks import Kink
    from cosmodrome.campaign.payload_map import Cell, PayloadMap

__all__ = ["kink_sentences", "map_chart"]

KINDS = {
    "burns": ("the number of burns changes", "second", "solid"),
    "direction": ("the launch direction changes", "bad", "dash"),
    "course": ("the corridor begins to bend the course", "good", "dot"),
    "latitude": ("dogleg below the site's latitude", "third", "dashdot"),
}
"""Kind of kink to what it says, its colour and its line."""

COURSES = {
    "edge": "along the corridor's edge",
    "dogleg": "dogleg",
    "below latitude": "dogleg below the site's latitude",
}

WHY = {
    "burns": (
        "A second burn after a coast raises the orbit more cheaply than one long burn; "
        "below the line the detour does not pay."
    ),
    "direction": "An inclination can be had going north or going south; the better one is kept.",
    "course": (
        "The launch corridor is in force: along its edge or by a dogleg, payload falls faster "
        "than by inclination alone."
    ),
    "latitude": (
        "No direct course has an inclination below the site's latitude: the plane is turned on "
        "the way, which costs ever more."
    ),
}


def kink_sentences(kinks: Sequence[Kink]) -> list[str]:
    """Where the map bends, a sentence for each change; why, with the first of its kind."""
    groups: dict[tuple[str, str, str], list[Kink]] = defaultdict(list)
    for kink in kinks:
        # There and back is one boundary.
        change = " and ".join(sorted(kink.change.split(" to ")))
        groups[kink.site, kink.kind, change].append(kink)
    several = len({kink.site for kink in kinks}) > 1
    told: list[str] = []
    explained: set[str] = set()
    for (site, kind, change), some in groups.items():
        heights = [h for kink in some for h in kink.altitudes_km]
        tilts = [i for kink in some for i in kink.inclinations_deg]
        named = f"{site}: " if several else ""
        where = f"{_span(heights, 'km')} at {_span(tilts, 'deg')}"
        why = "" if kind in explained else f" {WHY[kind]}"
        explained.add(kind)
        told.append(f"{named}Between {change}: {where}.{why}")
    return told


def _span(values: Sequence[float], unit: str) -> str:
    low, high = min(values), max(values)
    return f"{plain(low)} {unit}" if low == high else f"{plain(low)} to {plain(high)} {unit}"


def map_chart(found: PayloadMap, site: str, name: str) -> Chart:
    """The chart of one site.

    Parameters
    ----------
    found : PayloadMap
    site : str, one of its sites
    name : str, the chart's own on its page

    Returns
    -------
    Chart
    """
    from plotly.graph_objects import Figure

    cells = [cell for cell in found.cells if cell.site == site]
    kinks = [kink for kink in found.kinks if kink.site == site]
    traces = [*_contours(found, cells), *_points(cells)]
    kinds = [kind for kind in KINDS if any(kink.kind == kind for kink in kinks)]
    traces += [_kink_lines(kind, kinks, found) for kind in kinds]
    figure = Figure(
        data=traces,
        layout=layout(
            xaxis=axis(title={"text": "inclination, deg"}, showspikes=False),
            yaxis=axis(title={"text": "altitude of the circular orbit, km"}),
            margin={"l": 60, "r": 12, "t": 12, "b": 48},
            hovermode="closest",
        ),
    )
    told = [("payload, kg", "first"), *((KINDS[kind][0], KINDS[kind][1]) for kind in kinds)]
    title = f"{found.vehicle} from {site}, payload in kg"
    return Chart(name, title, figure, _points_note(cells), tuple(told))


def _contours(found: PayloadMap, cells: Sequence[Cell]) -> list[dict[str, Any]]:
    """Filled contours; nothing where the grid is a line or too little of it is in reach."""
    known = {(c.altitude_km, c.inclination_deg): c.payload_kg for c in cells}
    # Rows and columns without any payload would draw the contours out past what is known.
    heights = [h for h in found.altitudes_km if any(known[h, i] for i in found.inclinations_deg)]
    tilts = [i for i in found.inclinations_deg if any(known[h, i] for h in heights)]
    z = [[known[h, i] for i in tilts] for h in heights]
    rows = sum(sum(value is not None for value in row) > 1 for row in z)
    if rows < 2:
        return []
    fill = [[0.0, light("card")], [1.0, light("wash")]]
    label = {"size": 11, "color": light("ink")}
    return [
        {
            "type": "contour",
            "x": tilts,
            "y": heights,
            "z": z,
            "connectgaps": False,
            "colorscale": fill,
            "showscale": False,
            "ncontours": 14,
            "contours": {"showlabels": True, "labelfont": label, "labelformat": ".0f"},
            "line": {"color": light("first"), "width": 1.2, "smoothing": 0.0},
            "hoverinfo": "skip",
        }
    ]


def _points(cells: Sequence[Cell]) -> list[dict[str, Any]]:
    """The orbits themselves, shaped by burns, with everything known on pointing."""
    groups = (
        ("circle", "ink", [c for c in cells if c.payload_kg is not None and (c.burns or 1) == 1]),
        ("square", "ink", [c for c in cells if c.payload_kg is not None and (c.burns or 1) > 1]),
        ("x-thin-open", "muted", [c for c in cells if c.payload_kg is None]),
    )
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [c.inclination_deg for c in some],
            "y": [c.altitude_km for c in some],
            "marker": {"symbol": symbol, "size": 5, "color": light(colour)},
            "text": [_hover(c) for c in some],
            "hovertemplate": "%{text}<extra></extra>",
        }
        for symbol, colour, some in groups
        if some
    ]


def _hover(cell: Cell) -> str:
    lines = [f"{plain(cell.altitude_km)} km, {plain(cell.inclination_deg)} deg"]
    if cell.payload_kg is None:
        lines.append(f"{cell.status.replace('_', ' ')}: {cell.reason}")
    else:
        burns = "one burn" if cell.burns == 1 else f"{cell.burns} burns"
        lines.append(f"<b>{number(cell.payload_kg)} kg</b>, {burns}, {cell.direction}")
        if cell.course not in ("", "direct"):
            lines.append(COURSES[cell.course])
        if cell.limits_reached:
            lines.append(f"at its limit: {', '.join(cell.limits_reached)}")
        lines.append(cell.found_by)
    # Only the bold tag is ours; everything else is plain words.
    text = "<br>".join(html.escape(line) for line in lines)
    return text.replace("&lt;b&gt;", "<b>").replace("&lt;/b&gt;", "</b>")


def _points_note(cells: Sequence[Cell]) -> str:
    told = ["Each dot is an orbit that was flown again (squares: more than one burn)"]
    if any(cell.payload_kg is None for cell in cells):
        told.append("each cross one without a payload, its reason on pointing at it")
    return f"{', '.join(told)}; contours are drawn straight between them."


def _kink_lines(kind: str, kinks: Sequence[Kink], found: PayloadMap) -> dict[str, Any]:
    """Borders between neighbouring cells, as one broken line."""
    _, colour, dash = KINDS[kind]
    x: list[float | None] = []
    y: list[float | None] = []
    for kink in (one for one in kinks if one.kind == kind):
        if kink.along == "altitude":
            low, high = _half_way(found.inclinations_deg, kink.inclinations_deg[0])
            middle = 0.5 * sum(kink.altitudes_km)
            x, y = [*x, low, high, None], [*y, middle, middle, None]
        else:
            low, high = _half_way(found.altitudes_km, kink.altitudes_km[0])
            middle = 0.5 * sum(kink.inclinations_deg)
            x, y = [*x, middle, middle, None], [*y, low, high, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": light(colour), "width": 2.4, "dash": dash},
        "hoverinfo": "skip",
    }


def _half_way(values: Sequence[float], value: float) -> tuple[float, float]:
    """From half-way below a grid value to half-way above it, ending at the grid's edge."""
    k = values.index(value)
    low = value if k == 0 else 0.5 * (values[k - 1] + value)
    high = value if k == len(values) - 1 else 0.5 * (values[k + 1] + value)
    return low, high
