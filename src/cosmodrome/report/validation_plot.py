"""Predicted against published payload as an SVG file: the same bytes for the same numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from cosmodrome.report.theme import FONT, light
from cosmodrome.report.words import mass, plain

__all__ = ["validation_svg"]

WIDTH, HEIGHT = 860.0, 640.0
LEFT, RIGHT, TOP, BOTTOM = 72.0, 228.0, 24.0, 56.0
COLOURS = ("#1c5d99", "#c05a17", "#17603f", "#7a4fa3", "#9b2f1b", "#56707f")
SHAPES = ("circle", "square", "diamond", "triangle")
SIZE = 4.0


def validation_svg(document: Mapping[str, Any]) -> str:
    """Predicted against published, both axes logarithmic, with interval bars, by family.

    Parameters
    ----------
    document : mapping, the JSON of `cosmodrome validate`

    Returns
    -------
    str
        Full marks are clean points, open ones are the rest; a flown mass, which is
        a lower bound, is a small arrow to the right. Hovering tells the point.
    """
    points = [point for point in document["points"] if point["predicted_kg"] is not None]
    families = sorted({point["family"] for point in points})
    scale = _Scale(points)
    marks = [
        _mark(point, families.index(point["family"]), scale)
        for point in sorted(points, key=lambda one: bool(one["clean"]))
    ]
    parts = [_head(), *_grid(scale), _diagonal(scale), *marks, *_legend(families)]
    return "\n".join([*parts, "</svg>", ""])


class _Scale:
    """From kilograms to places on the page; one scale for both axes."""

    def __init__(self, points: Sequence[Mapping[str, Any]]) -> None:
        every = [100.0, 1000.0]
        for point in points:
            every += [point["published_kg"], point["predicted_kg"], *point["interval_kg"]]
        self.low = math.log10(min(every)) - 0.05
        self.high = math.log10(max(every)) + 0.05

    def x(self, value_kg: float) -> float:
        share = (math.log10(value_kg) - self.low) / (self.high - self.low)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, value_kg: float) -> float:
        share = (math.log10(value_kg) - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    def ticks(self) -> list[float]:
        """1, 2 and 5 times powers of ten inside the range."""
        powers = range(math.floor(self.low), math.ceil(self.high) + 1)
        every = [step * 10.0**power for power in powers for step in (1.0, 2.0, 5.0)]
        return [value for value in every if self.low <= math.log10(value) <= self.high]


def _head() -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" '
        f'width="{WIDTH:.0f}" height="{HEIGHT:.0f}" role="img" '
        f'aria-label="Predicted against published payload" font-family={quoteattr(FONT)}>\n'
        f'<rect width="100%" height="100%" fill="{light("page")}"/>'
    )


def _text(x: float, y: float, words: str, more: str = "") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="12" fill="{light("muted")}"{more}>'
        f"{escape(words)}</text>"
    )


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, more: str = "") -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"{more}/>'
    )


def _grid(scale: _Scale) -> list[str]:
    right, floor = WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = []
    for value in scale.ticks():
        x, y = scale.x(value), scale.y(value)
        parts.append(_line(x, TOP, x, floor, light("rule")))
        parts.append(_line(LEFT, y, right, y, light("rule")))
        parts.append(_text(x, floor + 18, plain(value), ' text-anchor="middle"'))
        parts.append(_text(LEFT - 8, y + 4, plain(value), ' text-anchor="end"'))
    middle = 0.5 * (TOP + floor)
    parts.append(
        _text(0.5 * (LEFT + right), floor + 42, "published payload, kg", ' text-anchor="middle"')
    )
    turned = f' text-anchor="middle" transform="rotate(-90 16 {middle:.1f})"'
    parts.append(_text(16, middle, "predicted payload with 90 % interval, kg", turned))
    return parts


def _diagonal(scale: _Scale) -> str:
    low, high = 10.0**scale.low, 10.0**scale.high
    return _line(
        scale.x(low), scale.y(low), scale.x(high), scale.y(high), light("muted"),
        ' stroke-dasharray="4 4"',
    )  # fmt: skip


def _look(place: int) -> tuple[str, str]:
    """Colour and shape of a family; their combinations repeat after 24."""
    return COLOURS[place % len(COLOURS)], SHAPES[place // len(COLOURS) % len(SHAPES)]


def _mark(point: Mapping[str, Any], place: int, scale: _Scale) -> str:
    colour, shape = _look(place)
    x, y = scale.x(point["published_kg"]), scale.y(point["predicted_kg"])
    low, high = point["interval_kg"]
    faint = "" if point["clean"] else ' opacity="0.45"'
    drawn = _shape(x, y, shape, colour, full=point["clean"])
    if point["lower_bound"]:
        tip = x + 9.0
        path = f"M{x:.1f},{y:.1f}H{tip:.1f}m-3,-3l3,3l-3,3"
        drawn = f'<path d="{path}" fill="none" stroke="{colour}"/>'
    told = (
        f"{point['vehicle']}, {point['orbit']}: predicted {mass(point['predicted_kg'])} kg, "
        f"published {mass(point['published_kg'])} kg"
    )
    bar = _line(x, scale.y(low), x, scale.y(high), colour, ' stroke-width="1" opacity="0.5"')
    return f"<g{faint}><title>{escape(told)}</title>{bar}{drawn}</g>"


def _shape(x: float, y: float, shape: str, colour: str, *, full: bool) -> str:
    ink = f'fill="{colour if full else light("page")}" stroke="{colour}"'
    r = SIZE
    if shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" {ink}/>'
    if shape == "square":
        return (
            f'<rect x="{x - r:.1f}" y="{y - r:.1f}" width="{2 * r:.1f}" height="{2 * r:.1f}" '
            f"{ink}/>"
        )
    corners = [(x, y - r), (x + r, y), (x, y + r), (x - r, y)]
    if shape == "triangle":
        corners = [(x, y - r), (x + r, y + r), (x - r, y + r)]
    told = " ".join(f"{a:.1f},{b:.1f}" for a, b in corners)
    return f'<polygon points="{told}" {ink}/>'


def _legend(families: Sequence[str]) -> list[str]:
    x, parts = WIDTH - RIGHT + 20.0, []
    step = min(20.0, (HEIGHT - TOP - BOTTOM) / max(len(families), 1))
    for place, family in enumerate(families):
        y = TOP + 10.0 + step * place
        colour, shape = _look(place)
        name = family if len(family) <= 30 else f"{family[:29]}…"
        parts.append(_shape(x, y, shape, colour, full=True))
        title = f"<title>{escape(family)}</title>"
        parts.append(f"<g>{title}{_text(x + 12, y + 4, name or 'no family')}</g>")
    return parts
