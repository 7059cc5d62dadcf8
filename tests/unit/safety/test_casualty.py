"""Appendix C worked by hand, and what must hold of any casualty expectation."""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmodrome.errors import InputError, ShapeError
from cosmodrome.safety import casualty as recipe
from cosmodrome.safety.casualty import (
    Phase,
    by_phase,
    by_table,
    by_time,
    casualty,
    casualty_area_m2,
    impact_probability,
    lay,
)
from cosmodrome.safety.casualty_cells import Cells
from cosmodrome.safety.casualty_estimate import assessed, burns
from cosmodrome.safety.corridor import NAUTICAL_MILE_M, corridor
from cosmodrome.safety.trace import ImpactTrace
from cosmodrome.world.polygons_geodesic import destination, distance_m

EARTH_M = 6378137.0
MERIDIAN_M = 6335439.3  # radius of curvature to the north, at the equator
NM = NAUTICAL_MILE_M


def straight(longitude_deg: float = 0.0, length_m: float = 3000e3, count: Any = 601) -> Any:
    """A trace along the equator at an even speed, 500 s long."""
    lon = math.radians(longitude_deg)
    way = np.linspace(0.0, length_m, count)
    latitude, longitude = (np.asarray(x) for x in destination(0.0, lon, 0.5 * math.pi, way))
    return ImpactTrace(
        t_s=np.linspace(0.0, 500.0, count), latitude_rad=latitude, longitude_rad=longitude,
        fall_s=np.full(count, 100.0), range_m=np.asarray(distance_m(0.0, lon, latitude, longitude)),
        powered=np.ones(count, dtype=bool), legs=("burn",) * count, left_s=None, how="by hand",
    )  # fmt: skip


def block(
    latitude_deg: Any,
    longitude_deg: Any,
    side_deg: float = 0.1,
    people: float = 1000.0,
    high: Any = None,
    country: str = "Land",
) -> Any:
    """One or several square areas near the equator."""
    latitude, longitude = np.broadcast_arrays(
        np.atleast_1d(np.radians(latitude_deg)), np.atleast_1d(np.radians(longitude_deg))
    )
    n = latitude.size
    side = np.full(n, math.radians(side_deg))
    area = side**2 * EARTH_M * MERIDIAN_M * np.cos(latitude)
    low = np.full(n, float(people))
    return Cells(
        latitude.ravel(), longitude.ravel(), side, side, area, low,
        low if high is None else np.full(n, float(high)), (country,) * n,
        own=np.zeros(n), counted_in=("",) * n,
    )  # fmt: skip


def grid(
    south: float, north: float, west: float, east: float, step: float, density_km2: float
) -> Any:
    """Areas side by side with so many people on each square kilometre."""
    latitude = np.arange(south + 0.5 * step, north, step)
    longitude = np.arange(west + 0.5 * step, east, step)
    a, b = (x.ravel() for x in np.meshgrid(latitude, longitude, indexing="ij"))
    cells = block(a, b, step)
    people = density_km2 * cells.area_m2 / 1e6
    return replace(cells, low=people, high=people)


# ------------------------------------------------------------ by hand


def test_equation_c1_by_hand() -> None:
    """A town of 98 people on 2.5 square miles, 61.1 to 61.8 nm along, 40.7 to 41.2 nm aside.

    The corridor is 44.5 nm wide there on either side, so sigma is 14.8333 nm. By hand:
    across: the normal law from 2.743820 to 2.777528 sigma, 0.000298 of all;
    along: 0.7 nm at 0.75 nm/s is 0.9333 s of 643 s, of 0.10, so 1.4515e-4.
    """
    sigma = 44.5 / 3.0
    law = NormalDist(0.0, sigma)
    across = law.cdf(41.2) - law.cdf(40.7)
    assert across == pytest.approx(2.98e-4, rel=0.01)
    along = 0.10 / 643.0 * (61.8 - 61.1) / 0.75
    assert along == pytest.approx(1.4515e-4, rel=1e-4)
    found = impact_probability(
        np.array([along]), np.array([40.7 * NM]), np.array([41.2 * NM]), np.array([sigma * NM])
    )[0]
    assert found == pytest.approx(across * along, rel=1e-6)
    # A small vehicle at that range: 2.47e-2 square miles of casualty area.
    harm = casualty_area_m2(np.array([61.45 * NM]), "small")[0] / (2.5 * 1609.344**2)
    assert harm * found * 98.0 == pytest.approx(across * along * 2.47e-2 / 2.5 * 98.0, rel=1e-6)


@pytest.mark.parametrize(
    ("range_nm", "kind", "square_miles"),
    [(0, "small", 3.14e-2), (49.9, "medium", 1.28e-1), (50.1, "medium", 2.98e-2),
     (1749, "large", 2.45e-2), (1751, "large", 1.14e-2), (4999, "medium-large", 7.75e-3)],
)  # fmt: skip
def test_casualty_areas_change_where_the_table_changes(
    range_nm: float, kind: Any, square_miles: float
) -> None:
    found = casualty_area_m2(np.array([range_nm * NM]), kind)[0]
    assert found == pytest.approx(square_miles * 1609.344**2)


def test_one_town_on_the_trace_by_hand() -> None:
    """People on the middle of a straight trace flown in 500 s, 3000 km long."""
    trace = straight()
    found = corridor(trace, "medium")
    cells = block(0.0, 9.0, side_deg=0.1, people=5000.0)
    result = casualty(lay(cells, found), by_time(trace))
    side = math.sqrt(cells.area_m2[0])
    there = math.radians(9.0) * EARTH_M
    half_width = float(np.interp(there, [100 * NM, 5000 * NM], [59.265 * NM, 881.635 * NM]))
    law = NormalDist(0.0, half_width / 3.0)
    impact = 0.10 * side / 3000e3 * (law.cdf(side / 2) - law.cdf(-side / 2))
    area = 2.98e-2 * 1609.344**2
    assert result.impact_p[0] == pytest.approx(impact, rel=2e-3)
    assert result.total[0] == pytest.approx(impact * area / side**2 * 5000.0, rel=2e-3)


def test_the_table_s_speeds_add_up_to_the_time_at_each_range() -> None:
    trace = straight(length_m=9000e3, count=18001)
    found = corridor(trace, "medium")
    gone = by_table()(found)
    at_300 = float(np.interp(300.0 * NM, found.along_m, gone))
    assert at_300 == pytest.approx(0.10 / 643.0 * (75.0 / 0.75 + 225.0 / 1.73), rel=1e-4)


# ------------------------------------------------------------ what must hold


def test_nobody_there_is_no_casualty() -> None:
    trace = straight()
    result = casualty(lay(block(0.0, 9.0, people=0.0), corridor(trace, "large")), by_time(trace))
    assert result.total == (0.0, 0.0)
    assert len(result.cells) == 0


def test_a_corridor_over_the_sea_has_no_casualty() -> None:
    trace = straight()
    none = block(np.zeros(0), np.zeros(0))
    found = assessed(none, corridor(trace, "small"), trace, burns(trace, ()))
    document = found.document()
    assert [one["expected_casualties"] for one in document["estimates"]] == [
        {"low": 0.0, "high": 0.0}
    ] * 3
    assert document["estimates"][0]["by_country"] == []
    assert document["estimates"][0]["within_limit"] is True


def test_the_exclusion_zone_is_taken_to_be_empty() -> None:
    trace = straight(count=6001)
    found = corridor(trace, "medium")
    side = 1.0 / 60.0  # about a nautical mile, between the pad and 3.47 nm
    laid = lay(block(0.0, 0.02, side_deg=side, people=100.0, high=200.0), found)
    assert casualty(laid, by_time(trace)).total == (0.0, 0.0)
    assert (laid.cleared_low, laid.cleared_high) == pytest.approx((100.0, 200.0))
    beyond = lay(block(0.0, 0.08, side_deg=side, people=100.0), found)
    assert casualty(beyond, by_time(trace)).total[0] > 0.0
    assert beyond.cleared_high == 0.0


def test_people_outside_the_corridor_do_not_count() -> None:
    trace = straight()
    found = corridor(trace, "medium")
    far = block([8.0, -8.0], [9.0, 9.0])
    assert casualty(lay(far, found), by_time(trace)).total == (0.0, 0.0)


def test_even_people_give_the_integral_over_the_trace() -> None:
    """Independent: with people everywhere alike, only time, area and density are left."""
    trace = straight(count=1201)
    found = corridor(trace, "medium")
    cells = grid(-4.0, 4.0, -1.0, 28.0, 0.25, 10.0)
    result = casualty(lay(cells, found), by_time(trace))
    cleared = 253000.0 * 0.0254  # nobody is in the exclusion zone: table A-2
    ranges = np.linspace(0.0, 3000e3, 30001)
    middle = 0.5 * (ranges[1:] + ranges[:-1])
    areas = np.where(middle < 50 * NM, 1.28e-1, np.where(middle < 1750 * NM, 2.98e-2, 5.52e-3))
    # Beyond the northern and southern edge of the grid nobody lives.
    width = np.interp(middle, [100 * NM, 5000 * NM], [59.265 * NM, 881.635 * NM]) / 3.0
    edge = math.radians(4.0) * MERIDIAN_M / width
    inside = np.array([math.erf(min(3.0, e) / math.sqrt(2.0)) for e in edge])
    # Across the zone, debris radius against a third of the corridor's width there.
    near = np.interp(middle, [0.0, 10 * NM], [111600.0 * 0.0254, 20.38 * NM]) / 3.0
    kept = [math.erf(111600.0 * 0.0254 / n / math.sqrt(2.0)) for n in near[middle < cleared]]
    inside[middle < cleared] -= np.array(kept)
    expected = float(np.sum(0.10 / 3000e3 * np.diff(ranges) * areas * 1609.344**2 * inside)) * 1e-5
    assert result.total[0] == pytest.approx(expected, rel=0.01)


def test_cutting_an_area_in_four_changes_nothing() -> None:
    """Appendix C (d)(1)(v)."""
    trace = straight()
    found = corridor(trace, "small")
    whole = block(0.4, 1.2, side_deg=0.4, people=4000.0)
    parts = block([0.3, 0.3, 0.5, 0.5], [1.1, 1.3, 1.1, 1.3], side_deg=0.2, people=1000.0)
    one, four = (casualty(lay(c, found), by_time(trace)).total[0] for c in (whole, parts))
    assert four == pytest.approx(one, rel=0.01)


@given(factor=st.floats(0.1, 50.0), latitude=st.floats(-1.0, 1.0), longitude=st.floats(0.2, 25.0))
@settings(max_examples=25)
def test_casualties_grow_with_people(factor: float, latitude: float, longitude: float) -> None:
    trace = straight()
    found = corridor(trace, "medium")
    cells = block(latitude, longitude)
    more = replace(cells, low=cells.low * factor, high=cells.high * factor)
    one, other = (casualty(lay(c, found), by_time(trace)).total[0] for c in (cells, more))
    assert other == pytest.approx(factor * one, rel=1e-9)


def test_impact_probability_is_never_more_than_that_of_failing() -> None:
    trace = straight()
    found = corridor(trace, "large")
    result = casualty(lay(grid(-6.0, 6.0, -1.0, 28.0, 0.5, 1.0), found), by_time(trace))
    assert 0.09 < math.fsum(result.impact_p) <= 0.10
    assert result.failure_p == pytest.approx(0.10)


def test_the_date_line_is_a_meridian_like_any_other() -> None:
    totals = []
    for lon in (10.0, 172.0):
        trace = straight(longitude_deg=lon)
        longitudes = (lon + np.array([2.0, 8.05, 13.0]) + 180.0) % 360.0 - 180.0
        cells = block([0.1, -0.3, 0.0], longitudes)
        totals.append(casualty(lay(cells, corridor(trace, "small")), by_time(trace)).total[0])
    assert totals[0] == pytest.approx(totals[1], rel=1e-6)
    assert totals[0] > 0.0


def test_low_and_high_are_kept_apart() -> None:
    trace = straight()
    found = corridor(trace, "small")
    low, high = casualty(lay(block(0.0, 9.0, people=10.0, high=30.0), found), by_time(trace)).total
    assert high == pytest.approx(3.0 * low)


# ------------------------------------------------------------ by phase


def test_phases_of_one_probability_are_the_recipe() -> None:
    trace = straight()
    found = corridor(trace, "medium")
    cells = block([0.0, 0.5], [3.0, 20.0])
    even = casualty(lay(cells, found), by_time(trace)).total
    phases = (Phase("all", 0.0, 500.0, 0.10),)
    assert casualty(lay(cells, found), by_phase(trace, phases)).total == pytest.approx(even)


def test_a_phase_that_cannot_fail_harms_nobody() -> None:
    trace = straight()
    found = corridor(trace, "medium")
    cells = block([0.0], [3.0])  # passed at 56 s
    phases = (Phase("first", 0.0, 250.0, 0.0), Phase("second", 250.0, 500.0, 0.5))
    assert casualty(lay(cells, found), by_phase(trace, phases)).total[0] == 0.0


def test_coasting_does_not_count_as_dwelling() -> None:
    trace = straight()
    powered = trace.powered.copy()
    powered[100:400] = False
    coasting = replace(trace, powered=powered)
    found = corridor(coasting, "medium")
    cells = block([0.0], [11.2])  # below the coast
    assert casualty(lay(cells, found), by_time(coasting)).total[0] == 0.0


def test_burns_are_found_and_share_the_probability() -> None:
    trace = straight()
    powered = trace.powered.copy()
    powered[200:300] = False
    found = burns(replace(trace, powered=powered), ["one"])
    assert [phase.name for phase in found] == ["one", "burn 2"]
    assert [phase.probability for phase in found] == [0.05, 0.05]
    assert found[0].stop_s == pytest.approx(trace.t_s[200])
    assert found[1].start_s == pytest.approx(trace.t_s[300])


@pytest.mark.parametrize(
    "phases",
    [
        [Phase("a", 0.0, 300.0, 0.1), Phase("b", 200.0, 500.0, 0.1)],
        [Phase("a", 0.0, 300.0, -0.1)],
        [Phase("a", 0.0, 300.0, math.nan)],
        [Phase("a", 0.0, 300.0, 0.6), Phase("b", 300.0, 500.0, 0.6)],
    ],
)
def test_phases_that_make_no_sense_are_refused(phases: Any) -> None:
    with pytest.raises(InputError):
        by_phase(straight(), phases)


def test_a_phase_without_power_is_refused() -> None:
    trace = straight()
    coasting = replace(trace, powered=np.zeros(len(trace), dtype=bool))
    with pytest.raises(InputError, match="no engine"):
        by_time(coasting)
    with pytest.raises(InputError, match="no time under power"):
        by_phase(coasting, [Phase("a", 0.0, 1.0, 0.1)])(corridor(coasting, "small"))


# ------------------------------------------------------------ what goes in and comes out


@pytest.mark.parametrize(
    "change",
    [
        {"low": np.array([-1.0])}, {"high": np.array([1.0])}, {"high": np.array([np.inf])},
        {"area_m2": np.array([0.0])}, {"low": np.array([np.nan])},
    ],
)  # fmt: skip
def test_cells_that_make_no_sense_are_refused(change: Any) -> None:
    with pytest.raises(InputError):
        replace(block(0.0, 9.0), **change)


def test_cells_of_different_lengths_are_refused() -> None:
    with pytest.raises(ShapeError):
        replace(block(0.0, 9.0), country=("a", "b"))


def test_the_document_adds_up() -> None:
    trace = straight()
    cells = block([0.0, 0.5, -1.0, 0.2], [0.5, 3.0, 20.0, 26.0])
    cells = replace(cells, country=("Here", "Here", "There", ""))
    found = assessed(cells, corridor(trace, "medium"), trace, burns(trace, ["stage 1"]))
    document = found.document()
    for one in document["estimates"]:
        whole = one["expected_casualties"]["high"]
        assert whole > 0.0
        for split in ("by_country", "by_range", "most"):
            parts = [row["expected_casualties"]["high"] for row in one[split]]
            assert math.fsum(parts) == pytest.approx(whole)
        assert sum(row["share"] for row in one["by_country"]) == pytest.approx(1.0)
        assert one["times_limit"]["high"] == pytest.approx(whole / 1e-4)
        for row in one["most"]:
            product = (
                row["impact_probability"] * row["casualty_area_m2"] / (row["area_km2"] * 1e6)
                * row["people"]["high"]
            )  # fmt: skip
            assert product == pytest.approx(row["expected_casualties"]["high"], rel=0.02)
    assert document["rule"]["country"] == "United States"
    assert document["planning_aid"] == "planning aid, not a licence analysis"
    assert all(factor["source"] for factor in document["factors"])
    assert "no country" in {row["country"] for row in document["estimates"][0]["by_country"]}


def test_a_wrong_sigma_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault planted: half the spread across moves people beside the trace by a lot."""
    trace = straight()
    found = corridor(trace, "medium")
    cells = block([1.5], [9.0])
    right = casualty(lay(cells, found), by_time(trace)).total[0]
    plain = recipe.impact_probability
    monkeypatch.setattr(
        recipe, "impact_probability", lambda p, a, b, s: plain(p, a, b, 0.5 * np.asarray(s))
    )
    assert abs(casualty(lay(cells, found), by_time(trace)).total[0] / right - 1.0) > 0.3
