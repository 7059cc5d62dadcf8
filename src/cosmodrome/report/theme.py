"""One look for every chart and page: colours in pairs, light and dark.

Blue and orange stay apart for every common kind of colour blindness; nothing is
told by colour alone. Charts are made in the light colours; the page swaps each
for its partner when the reader's system is dark, so every light colour is used
for one purpose only.
"""

from __future__ import annotations

from typing import Any

__all__ = ["FONT", "PALETTE", "axis", "dark_pairs", "layout", "light", "style_sheet_colours"]

PALETTE: dict[str, tuple[str, str]] = {
    "page": ("#fbfaf7", "#11161c"),
    "card": ("#ffffff", "#181f27"),
    "ink": ("#1c2530", "#e7eaee"),
    "muted": ("#5d6875", "#9ba6b2"),
    "rule": ("#dfe1e0", "#2b343e"),
    "grid": ("#eceeed", "#252d37"),
    "first": ("#1c5d99", "#82b7ea"),
    "second": ("#c05a17", "#f2a56c"),
    "third": ("#6b4596", "#c7a8ea"),
    "wash": ("#dbe8f4", "#1d3550"),
    "limit": ("#a3450f", "#f5b584"),
    "mark": ("#b4bac0", "#4d5864"),
    "land": ("#ebe8e0", "#29323c"),
    "coast": ("#b8b2a3", "#53606d"),
    "sea": ("#f7f9fa", "#141b23"),
    "good": ("#17603f", "#7fcfa6"),
    "bad": ("#9b2f1b", "#f3a08e"),
}
"""Name to (light, dark)."""

FONT = (
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif'
)


def light(name: str) -> str:
    """The light colour of a name, as charts are made with."""
    return PALETTE[name][0]


def dark_pairs() -> dict[str, str]:
    """Light colour to dark colour, for the page to swap."""
    return dict(PALETTE.values())


def style_sheet_colours() -> str:
    """The palette as CSS custom properties, dark by the reader's system."""

    def block(which: int) -> str:
        return "".join(f"--{name}:{pair[which]};" for name, pair in PALETTE.items())

    return (
        f":root{{{block(0)}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{block(1)}}}}}\n"
    )


def axis(**more: Any) -> dict[str, Any]:
    """A quiet axis: no frame, hairline grid, ticks in muted ink."""
    return {
        "gridcolor": light("grid"),
        "linecolor": light("rule"),
        "zeroline": False,
        "ticks": "",
        "tickfont": {"color": light("muted"), "size": 11},
        "automargin": True,
        "exponentformat": "none",
        "fixedrange": False,
    } | more


def layout(**more: Any) -> dict[str, Any]:
    """The layout every chart starts from."""
    return {
        "template": {},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "color": light("ink"), "size": 12},
        "margin": {"l": 8, "r": 12, "t": 20, "b": 8},
        "showlegend": False,
        "hoverlabel": {
            "bgcolor": light("card"),
            "bordercolor": light("rule"),
            "font": {"family": FONT, "color": light("ink"), "size": 12},
        },
        "colorway": [light("first"), light("second")],
    } | more
