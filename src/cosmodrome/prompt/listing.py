"""Rows of a result: what every document says of its orbit, and rows as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from cosmodrome.prompt.data_age import data_age
from cosmodrome.prompt.flying import Flown, Span
from cosmodrome.prompt.orbit_source import OrbitSource

__all__ = ["about", "rows_csv"]


def about(source: OrbitSource, span: Span, flown: Flown) -> dict[str, Any]:
    """What every document says of its orbit: where from, how moved, when, how old the data.

    Parameters
    ----------
    source : OrbitSource
    span : Span
    flown : Flown

    Returns
    -------
    dict
    """
    return {
        "orbit": source.told,
        "method": flown.how,
        "start_utc": span.start.utc(3),
        "end_utc": span.end.utc(3),
        "notes": [*source.notes, *flown.notes, *data_age(span)],
    }


def rows_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows of a document as CSV, with the keys of the first as heads; null is empty.

    Parameters
    ----------
    rows : sequence of mappings, all with the same keys

    Returns
    -------
    str
    """
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    if rows:
        writer.writerow(rows[0])
    writer.writerows(["" if value is None else value for value in row.values()] for row in rows)
    return sink.getvalue()
