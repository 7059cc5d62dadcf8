"""How far the shipped data of the Earth's turning reaches, and what that means for a search."""

from __future__ import annotations

from datetime import date

from cosmodrome.prompt.flying import Span
from cosmodrome.world.epoch import earth_orientation

__all__ = ["data_age"]

_MJD_OF_ORDINAL = 678576


def data_age(span: Span) -> tuple[str, ...]:
    """What is to be said of the Earth orientation over a stretch of time; empty where measured.

    Parameters
    ----------
    span : Span

    Returns
    -------
    tuple of str
    """
    table = earth_orientation()
    found = []
    late = table.days_past_end(span.end)
    if late > 0.0:
        found.append(
            f"Earth orientation ({table.name}) ended on {_day(table.mjd[-1])}, {late:.1f} days "
            "before the last instant: its value is held, and drifts by up to 1 ms (0.5 m) a day"
        )
    elif span.start.tai_mjd < table.mjd[0]:
        found.append(
            f"Earth orientation ({table.name}) begins on {_day(table.mjd[0])}: "
            "its first value is held"
        )
    elif table.is_predicted(span.end):
        found.append(
            f"Earth orientation ({table.name}) is a prediction from "
            f"{_day(table.predicted_from_mjd)} on"
        )
    if span.end.leap_seconds_are_predicted:
        found.append("leap seconds are not announced that far: none is assumed")
    return tuple(found)


def _day(mjd: float) -> str:
    return date.fromordinal(int(mjd) + _MJD_OF_ORDINAL).isoformat()
