"""From where parts come down to areas to keep clear, and how they match published ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.io.hazard_files import DraftArea
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.polygons import Area, area_m2, contains, ellipse
from cosmodrome.world.polygons_overlap import overlap, union

__all__ = ["CLEAR_S", "Footprint", "Match", "Window", "hazard_areas", "matched"]

CLEAR_S: Final = 1800.0
"""How long before the flight a notice begins, and after the last impact it ends, at least:
14 CFR 417 appendix B, B417.3(a)."""

_CORNERS: Final = 36
_TO_NEXT_S: Final = 59.999
_OUTLINE: Final = 360
_TRIES: Final = 40
_GROWN: Final = 2e-4
_GROWING: Final = 1.4
_PERCENT: Final = 100.0


@dataclass(frozen=True, slots=True)
class Footprint:
    """The ellipse that one part comes down in with a probability.

    Parameters
    ----------
    name : str
    probability : float
    latitude_rad, longitude_rad : float, its middle
    semi_major_m, semi_minor_m : float
    azimuth_rad : float, of the long axis, from north to the east
    t_s : float, impact, seconds after lift-off
    facts : tuple of (name, text or number), told with the area
    """

    name: str
    probability: float
    latitude_rad: float
    longitude_rad: float
    semi_major_m: float
    semi_minor_m: float
    azimuth_rad: float
    t_s: float
    facts: tuple[tuple[str, str | float | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """When a lift-off may be: from the first instant on, so long; and the margins around it."""

    lift_off: Epoch
    duration_s: float = 0.0
    before_s: float = CLEAR_S
    after_s: float = CLEAR_S

    def __post_init__(self) -> None:
        for name, value in (
            ("--minutes", self.duration_s),
            ("margin before", self.before_s),
            ("margin after", self.after_s),
        ):
            if not (math.isfinite(value) and 0.0 <= value <= 31.0 * 86400.0):
                raise InputError(
                    "a window has a length of 0 to 31 days", key=name, value=value,
                    allowed="0 to 44640 minutes",
                )  # fmt: skip


def hazard_areas(
    footprints: Sequence[Footprint], window: Window, *, corners: int = _CORNERS
) -> tuple[DraftArea, ...]:
    """Polygons round footprints with the times they are to be kept clear.

    A polygon touches its ellipse from outside, side by side, so that nothing
    of the ellipse is left out. It counts from `before_s` before the first
    lift-off to `after_s` after the impact of the last one, in whole minutes.

    Parameters
    ----------
    footprints : sequence of Footprint
    window : Window
    corners : int, 8 or more

    Returns
    -------
    tuple of DraftArea, as the footprints are ordered

    Raises
    ------
    InputError
        If a footprint has no size, or reaches round the Earth.

    Accuracy
    --------
    With 36 corners a polygon is 0.3 % larger than its ellipse, a narrow one in
    high latitudes some percent. What is left out of the dispersions is outside.
    """
    return tuple(_drawn(one, window, corners) for one in footprints)


def _drawn(one: Footprint, window: Window, corners: int) -> DraftArea:
    sizes = (one.semi_major_m, one.semi_minor_m)
    if corners < 8 or not all(math.isfinite(x) and 0.0 < x < 5e6 for x in sizes):
        raise InputError(
            f"{one.name} has no ellipse that can be drawn", key="ellipse",
            value=f"{sizes[0]:g} x {sizes[1]:g} m", allowed="0 to 5000 km, 8 corners or more",
        )  # fmt: skip
    area = _round(one, corners)
    ring = np.asarray(area.rings[0])
    last = window.lift_off + (window.duration_s + one.t_s + window.after_s)
    facts: tuple[tuple[str, str | float | None], ...] = (
        ("kind", "drop zone"),
        ("probability", one.probability),
        ("impact_s", round(one.t_s, 1)),
        ("area_km2", round(area_m2(area) / 1e6, 1)),
        *one.facts,
    )
    return DraftArea(
        name=f"{one.name}, {_PERCENT * one.probability:g} %",
        area=area,
        corners=ring[:-1] if np.allclose(ring[0], ring[-1]) else ring,
        begins=_whole_minute(window.lift_off - window.before_s),
        ends=_whole_minute(last + _TO_NEXT_S),
        facts=facts,
    )


def _round(one: Footprint, corners: int) -> Area:
    """A polygon with the whole ellipse in it.

    Sides are straight in longitude and latitude, the ellipse's are not: long
    ones in high latitudes cut a little off, and then the polygon grows.
    """
    place = (one.latitude_rad, one.longitude_rad)
    sizes = (one.semi_major_m, one.semi_minor_m)
    outline = ellipse(*place, *sizes, one.azimuth_rad, _OUTLINE).rings[0]
    larger, more = 1.0 / math.cos(math.pi / corners), 0.0
    for _ in range(_TRIES):
        major, minor = (larger * size + more for size in sizes)
        area = ellipse(*place, major, minor, one.azimuth_rad, corners)
        if np.all(contains(area, outline[:, 0], outline[:, 1])):
            return area
        more = _GROWING * more + _GROWN * one.semi_minor_m
    raise InputError(
        f"no polygon of {corners} corners holds the ellipse of {one.name}",
        key="ellipse",
        allowed="a smaller ellipse, further from the pole",
    )


def _whole_minute(epoch: Epoch) -> Epoch:
    """The minute of UTC it falls into: notices have no seconds."""
    return Epoch.parse(f"{epoch.utc(3)[:16]}:00Z")


@dataclass(frozen=True, slots=True)
class Match:
    """How an area of ours and a published one cover each other.

    Parameters
    ----------
    name : str, "all" for all of ours together
    common_km2 : float
    of_ours_percent, of_published_percent : float
    """

    name: str
    common_km2: float
    of_ours_percent: float
    of_published_percent: float


def matched(areas: Sequence[DraftArea], published: Area) -> tuple[Match, ...]:
    """Each area, and all of them together, against a published one.

    Parameters
    ----------
    areas : sequence of DraftArea
    published : Area

    Returns
    -------
    tuple of Match
        One for each area, and one for all where there are several.

    Raises
    ------
    InputError
        If the published area has no size.

    Accuracy
    --------
    As `world.polygons_overlap.overlap`.
    """
    if not area_m2(published) > 1.0:
        raise InputError("the published area has no size", key="--overlap")
    named: list[tuple[str, Area]] = [(one.name, one.area) for one in areas]
    if len(named) > 1:
        named.append(("all", union([one.area for one in areas])))
    found = []
    for name, area in named:
        both = overlap(area, published)
        found.append(
            Match(name, both.common_m2 / 1e6, _PERCENT * both.of_first, _PERCENT * both.of_second)
        )
    return tuple(found)
