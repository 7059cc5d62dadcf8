"""An answer in Python: a short table, a figure, a data frame."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from cosmodrome.report import interval_rows, rows, words
from cosmodrome.report.charts import overview

if TYPE_CHECKING:
    from pandas import DataFrame
    from plotly.graph_objects import Figure

    from cosmodrome.campaign.answer import Answer

__all__ = ["answer_dataframe", "answer_figure", "answer_html"]


def answer_html(answer: Answer) -> str:
    """A short summary table for a notebook: payload, verdict, published, losses.

    Parameters
    ----------
    answer : Answer

    Returns
    -------
    str
        HTML with every text escaped; inherits the notebook's own colours.
    """
    document = answer.document
    big, below = words.headline(document)
    told = "; ".join(part for part in (words.aside(document), below) if part)
    named = words.question(document)
    cells = [("Verdict", words.verdict(document).sentence)]
    cells += [
        (who.capitalize(), f"{payload}, {what}")
        for who, payload, what in interval_rows.estimate_rows(document)
    ]
    cells += [
        ("Published", f"{payload} to {orbit}: {source}")
        for who, payload, orbit, source in rows.published_rows(document)
        if who == "published"
    ]
    page = words.vehicle_page(document)
    cells += [("All its figures", page)] if page else []
    kept = interval_rows.kept_back(document)
    cells += [("" if k else "Kept back", one) for k, one in enumerate(kept)]
    cells += [(name, f"{words.number(value)} m/s") for name, value, _ in rows.loss_rows(document)]
    cells.append(("Re-flight", words.reflight(document)))
    cells += [("Starts", text) for text in (words.starts(document),) if text]
    body = "".join(
        f'<tr><th style="text-align:left;font-weight:500">{html.escape(name)}</th>'
        f'<td style="text-align:left">{html.escape(text)}</td></tr>'
        for name, text in cells
    )
    return (
        f'<div><div style="opacity:.7">{html.escape(named)}</div>'
        f'<div style="font-size:1.6em;font-weight:600">{html.escape(big)}</div>'
        f"<div>{html.escape(told)}</div><table>{body}</table></div>"
    )


def answer_figure(answer: Answer) -> Figure:
    """The flight against time as one Plotly figure.

    Parameters
    ----------
    answer : Answer

    Returns
    -------
    plotly.graph_objects.Figure
        Altitude, speed, dynamic pressure, acceleration, mass and pitch.

    Raises
    ------
    InputError
        If nothing was flown.
    """
    return overview(answer)


def answer_dataframe(answer: Answer) -> DataFrame:
    """The re-flown trajectory as a pandas data frame, one row per sample.

    Parameters
    ----------
    answer : Answer

    Returns
    -------
    pandas.DataFrame
        Columns as `Answer.table`, units in their names; empty if nothing was flown.
    """
    from pandas import DataFrame

    return DataFrame(dict(answer.table))
