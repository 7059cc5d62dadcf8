"""The parts of a page: frame, sections, tables, places for charts.

A content security policy inside the page forbids every outside request. Charts and
the drawing library stand in it packed, as gzip in base64; the browser unpacks them.
"""

from __future__ import annotations

import base64
import functools
import gzip
import html
import json
from collections.abc import Iterable, Sequence
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from cosmodrome.report.theme import FONT, dark_pairs, style_sheet_colours

if TYPE_CHECKING:
    from cosmodrome.report.charts import Chart

__all__ = ["cells", "escaped", "figure", "heads", "section", "table", "whole_page"]

PACKED: Final = "application/gzip+base64"
_LEVEL: Final = 5  # twice as slow a one takes off no more than a hundredth

POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; base-uri 'none'; form-action 'none'"
)


def whole_page(title: str, body: str, charts: Sequence[Chart]) -> str:
    """A page that opens with no network: styles, numbers, charts and drawing library inside.

    Parameters
    ----------
    title, body : str, HTML, every foreign text in it escaped
    charts : sequence of Chart, whose figures stand in the body

    Returns
    -------
    str
        HTML; with charts 2 to 3 MB, most of it the drawing library.
    """
    styles = _data("page.css").replace("FONT", FONT)
    script = f"{_scripts(charts)}" if charts else ""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<link rel="icon" href="data:,">\n'
        f"<title>{title}</title>\n<style>\n{style_sheet_colours()}{styles}</style>\n"
        f"</head>\n<body>\n<main>\n{body}\n</main>\n{script}</body>\n</html>\n"
    )


def section(title: str, inside: str, lead: str = "") -> str:
    """A headed section; title and lead are escaped, what is inside is not."""
    told = f'<p class="lead">{escaped(lead)}</p>\n' if lead else ""
    return f"<section>\n<h2>{escaped(title)}</h2>\n{told}{inside}\n</section>"


def figure(chart: Chart, *, in_time: bool) -> str:
    """The place of a chart with title, legend and note; those in time zoom together."""
    legend = "".join(
        f'<span style="--c:var(--{colour})">{escaped(name)}</span>' for name, colour in chart.series
    )
    note = f"<figcaption>{escaped(chart.note)}</figcaption>" if chart.note else ""
    told = f'<div class="legend">{legend}</div>' if legend else ""
    return (
        f'<figure><div class="top"><h3>{escaped(chart.title)}</h3>{told}</div>'
        f'<div class="plot {chart.name}" id="chart-{chart.name}" '
        f'data-time="{int(in_time)}" role="img" aria-label="{escaped(chart.title)}"></div>'
        f"{note}</figure>"
    )


def table(head: str, lines: Iterable[str], kind: str = "") -> str:
    """A table that scrolls by itself where it is wider than the page."""
    body = "\n".join(lines)
    return (
        f'<div class="scroll"><table class="{kind}">{head}<tbody>\n{body}\n</tbody></table></div>'
    )


def heads(names: Iterable[str], kinds: Sequence[str]) -> str:
    """Table heads from our own markup; never given a user's text."""
    cells = "".join(
        f'<th class="{kind if kind in ("n", "part") else ""}">{name}</th>'
        for name, kind in zip(names, kinds, strict=True)
    )
    return f"<thead><tr>{cells}</tr></thead>"


def cells(row: Sequence[str], kinds: Sequence[str]) -> str:
    """The cells of a row, escaped, each with its class."""
    return "".join(
        f'<td class="{kind}">{escaped(text)}</td>' if kind else f"<td>{escaped(text)}</td>"
        for text, kind in zip(row, kinds, strict=True)
    )


def escaped(value: Any) -> str:
    """A foreign text as HTML."""
    return html.escape(str(value))


def _scripts(charts: Sequence[Chart]) -> str:
    figures = ",".join(f'"{c.name}":{c.figure.to_json(validate=False)}' for c in charts)
    return (
        f'<script type="{PACKED}" id="charts">{_packed("{" + figures + "}")}</script>\n'
        f'<script type="application/json" id="pairs">{json.dumps(dark_pairs())}</script>\n'
        f'<script type="{PACKED}" id="library">{_library()}</script>\n'
        f"<script>{_data('page.js')}</script>\n"
    )


@functools.cache
def _library() -> str:
    """The drawing library, packed once for all pages of a process."""
    from plotly.offline import get_plotlyjs

    return _packed(get_plotlyjs())


def _packed(text: str) -> str:
    """A text as `data/page.js` unpacks it; nothing in it can end the element it stands in."""
    return base64.b64encode(gzip.compress(text.encode(), _LEVEL, mtime=0)).decode("ascii")


def _data(name: str) -> str:
    return resources.files("cosmodrome.report").joinpath(f"data/{name}").read_text("utf-8")
