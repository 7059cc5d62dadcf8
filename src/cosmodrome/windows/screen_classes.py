"""How far to keep from an object, by what it is.

The distances are those of the United States' rule for launches under its
licences; ranges elsewhere ask for alike or leave it to probability. It knows
three kinds of objects, and a probability may stand in for each distance.

References
----------
14 CFR 417.231(b), 71 FR 50537 as amended by 81 FR 59439: no closer than 200 km to
an orbiting object that has or may have people in it, through one orbit; read
there. 14 CFR 450.169(a), which followed it: 200 km from inhabitable objects,
25 km from others that are not debris, 2.5 km from debris (spheres); or a
probability below 1e-6 for the first and 1e-5 for the others. Of these only the
200 km were found in the older text; the rest is quoted from memory.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from cosmodrome.windows.screen_catalogue import Catalogue

__all__ = ["CREWED", "KEEP_OUT_M", "LIMIT", "Kind", "kinds_of", "radii_m"]

Kind = Literal["crewed", "active", "debris"]

KEEP_OUT_M: Final[Mapping[Kind, float]] = {"crewed": 200e3, "active": 25e3, "debris": 2.5e3}
"""Radius of the sphere around an object of each kind, 14 CFR 450.169(a)."""

LIMIT: Final[Mapping[Kind, float]] = {"crewed": 1e-6, "active": 1e-5, "debris": 1e-5}
"""The probability that may stand in for the distance, by the same rule."""

CREWED: Final = frozenset({25544, 48274, 49044, 53239, 54216})
"""Catalogue numbers of the stations and their large modules: ISS (Zarya, Nauka), CSS
(Tianhe, Wentian, Mengtian)."""

_CREWED_NAME: Final = re.compile(r"(ISS|CSS) ?\(|(SOYUZ-MS|SHENZHOU|CREW DRAGON|GAGANYAAN)\b")
_DEBRIS_NAME: Final = re.compile(r"\b(DEB|R/B|AKM|PKM|COOLANT)\b|\bR/B\(")


def kinds_of(catalogue: Catalogue, crewed: Collection[int] = CREWED) -> tuple[Kind, ...]:
    """What each object is, by its number and its name.

    Parameters
    ----------
    catalogue : Catalogue
    crewed : numbers of the objects with people in them, or room for people

    Returns
    -------
    tuple of "crewed", "active" or "debris"
        What has no telling name counts as active, the larger distance.

    Accuracy
    --------
    Names tell debris and rocket bodies; that a satellite no longer works they
    do not tell.
    """
    found: list[Kind] = []
    for name, motion in zip(catalogue.names, catalogue.motions, strict=True):
        plain = name.upper()
        if motion.catalogue in crewed:
            found.append("crewed")
        elif _DEBRIS_NAME.search(plain):
            found.append("debris")
        else:
            found.append("crewed" if _CREWED_NAME.match(plain) else "active")
    return tuple(found)


def radii_m(
    kinds: tuple[Kind, ...], keep_out_m: Mapping[Kind, float] = KEEP_OUT_M
) -> NDArray[np.float64]:
    """The radius of each object, shape (n,)."""
    return np.array([keep_out_m[kind] for kind in kinds])
