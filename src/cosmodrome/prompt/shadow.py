"""Eclipses and the Sun's angle as the plain rows that every door shows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np

from cosmodrome.campaign.progress import Tell
from cosmodrome.errors import InputError
from cosmodrome.orbit.eclipses import Eclipse, Shadow, find_eclipses, sun_profile
from cosmodrome.orbit.motion import Motion
from cosmodrome.prompt.flying import Span
from cosmodrome.world.environment import Environment
from cosmodrome.world.epoch import Epoch

__all__ = ["YEAR_DAYS", "found_eclipses", "long_enough", "shadow_of"]


YEAR_DAYS: Final = 365.25
"""How long a profile is unless said."""

DAY_S: Final = 86400.0
MOST_ROWS: Final = 20_000

_CONTACTS: Final = ("penumbra_entry", "umbra_entry", "umbra_exit", "penumbra_exit")


def long_enough(span: Span, every: float | None) -> Span:
    """The stretch over which an orbit must be known: a profile looks past its last day.

    Parameters
    ----------
    span : Span
    every : float or None, days between the rows of a profile; None without one

    Raises
    ------
    InputError
        If a profile would have more rows than anybody reads.
    """
    if every is not None and span.duration_s / (every * DAY_S) > MOST_ROWS:
        days = span.duration_s / DAY_S
        raise InputError(
            f"a profile of {days:g} days every {every:g} would have more than {MOST_ROWS} rows",
            key="--profile",
            value=every,
            allowed=f"{days / MOST_ROWS:.2g} days or more, or fewer --days",
        )
    return span if every is None else replace(span, duration_s=span.duration_s + 2.0 * DAY_S)


def shadow_of(*, oblate: bool, apparent: bool) -> Shadow:
    """The Earth's shadow as it was asked for.

    Parameters
    ----------
    oblate : bool, of the ellipsoid; else of a sphere
    apparent : bool, the Sun where it is seen; else where it is
    """
    return Shadow(flattening=Environment().flattening if oblate else 0.0, apparent=apparent)


def found_eclipses(
    motions: Mapping[str, Motion],
    span: Span,
    shadow: Shadow,
    every: float | None,
    tell: Tell,
    *,
    contacts: bool,
) -> dict[str, Any]:
    """The eclipses of all satellites, and the profile where it was asked for.

    Parameters
    ----------
    motions : mapping of name to Motion
    span : Span
    shadow : Shadow
    every : float or None, days between the rows of a profile; None without one
    tell : callable(text, share done)
    contacts : bool, whether the eclipses themselves are wanted

    Returns
    -------
    dict
        "eclipses" and, where asked for, "profile", as `cosmodrome eclipses --json`.
    """
    rows: list[dict[str, Any]] = []
    seasons: list[dict[str, Any]] = []
    for k, (name, motion) in enumerate(motions.items()):
        tell(f"eclipses of {name}", k / len(motions))
        if every is not None:
            seasons += _profile(name, motion, span, every, shadow)
        if contacts:
            found = find_eclipses(motion, span.start, span.duration_s, shadow=shadow)
            rows += [{"satellite": name} | _row(one, span) for one in found]
    return {"eclipses": rows} | ({} if every is None else {"profile": seasons})


def _row(one: Eclipse, span: Span) -> dict[str, Any]:
    def told(when: Epoch | None) -> str | None:
        return None if when is None else when.utc(6)

    row: dict[str, Any] = {f"{name}_utc": told(getattr(one, name)) for name in _CONTACTS}
    row["umbra_s"] = one.umbra_s
    begin, end = one.penumbra_entry or span.start, one.penumbra_exit or span.end
    return row | {"penumbra_s": end - begin}


def _profile(
    name: str, motion: Motion, span: Span, every: float, shadow: Shadow
) -> list[dict[str, Any]]:
    """Sun angle and shadow at even steps."""
    t_s = np.arange(0.0, span.duration_s, every * DAY_S)
    found = sun_profile(motion, span.start, t_s, shadow=shadow)
    return [
        {
            "satellite": name,
            "epoch_utc": (span.start + float(t)).utc(0),
            "beta_deg": math.degrees(beta),
            "umbra_s": float(umbra),
            "penumbra_s": float(penumbra),
        }
        for t, beta, umbra, penumbra in zip(
            t_s, found.beta_rad, found.umbra_s, found.penumbra_s, strict=True
        )
    ]
