"""Corridors in words: azimuths to inclinations, against figures that ranges state."""

from __future__ import annotations

import pytest

from cosmodrome.mission.catalogue import load_site
from cosmodrome.prompt.corridors import corridor_rows, first_latitude_deg

TOLERANCE_DEG = 1.0  # rows are whole degrees, and a pad stands for the range


def ends(first: float, last: float, latitude_deg: float) -> tuple[float, float]:
    ((_, told),) = corridor_rows([[first, last]], latitude_deg)
    low, high = told.removeprefix("about ").split(" to ")
    return float(low), float(high)


@pytest.mark.parametrize(
    ("first", "last", "latitude_deg", "low_deg", "high_deg"),
    [
        # Vandenberg is quoted with 61.6 to 104.9 deg for azimuths 147 to 201.
        (147.0, 201.0, 34.63, 61.6, 104.9),
        # Cape Canaveral with 28.5 to 57 deg for azimuths 35 to 120.
        (35.0, 120.0, 28.5, 28.5, 57.0),
        # Due east at any latitude is the latitude itself.
        (80.0, 100.0, 51.9, 51.9, 52.9),
        (0.0, 180.0, 0.0, 0.0, 86.6),
    ],
)
def test_inclinations_are_those_that_ranges_quote(
    first: float, last: float, latitude_deg: float, low_deg: float, high_deg: float
) -> None:
    low, high = ends(first, last, latitude_deg)
    assert low == pytest.approx(low_deg, abs=TOLERANCE_DEG)
    assert high == pytest.approx(high_deg, abs=TOLERANCE_DEG)


def test_a_corridor_across_north_is_no_corridor_across_south() -> None:
    # Both hold due east; only the second holds due west too.
    assert ends(340.0, 95.0, 50.0)[1] < 110.0
    assert ends(95.0, 340.0, 50.0)[1] == pytest.approx(130.0, abs=TOLERANCE_DEG)


def test_the_whole_compass_is_every_inclination_there_is() -> None:
    low, high = ends(0.0, 360.0, 30.0)
    assert (low, high) == (30.0, 150.0)


def test_a_corridor_is_shown_with_the_latitude_of_its_pad() -> None:
    document = load_site("vostochny").document()
    latitude_deg = first_latitude_deg(document)
    assert latitude_deg == pytest.approx(51.9, abs=0.1)
    assert first_latitude_deg({"pads": []}) is None
