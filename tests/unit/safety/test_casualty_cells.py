"""People held to the total of their country: the sum stays a bound, and the largest one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from cosmodrome.safety.casualty_cells import Cells, within_totals
from cosmodrome.safety.casualty_people import corridor_cells
from cosmodrome.safety.corridor import corridor
from cosmodrome.safety.trace import ImpactTrace
from cosmodrome.world.people import most_people
from cosmodrome.world.polygons_geodesic import destination, distance_m

tenths = st.integers(0, 10).map(lambda k: k / 10.0)
rows = st.lists(
    st.tuples(
        tenths,
        tenths,
        st.integers(0, 1000).map(float),
        st.integers(1, 10).map(lambda k: k / 10.0),
        st.integers(0, 100).map(float),
        st.sampled_from("AB"),
    ),
    min_size=1,
    max_size=12,
)


def cells_of(drawn: list[tuple[float, float, float, float, float, str]], most: float) -> Cells:
    low, own, high = (np.array([one[k] for one in drawn]) for k in range(3))
    size = np.zeros(len(drawn))
    return Cells(
        size, size, size, size, size + 1.0, low * high, high,
        country=tuple(one[5] for one in drawn), own=own * high,
        counted_in=tuple(one[5] for one in drawn), most={"A": most},
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(rows, st.integers(0, 4000).map(float))
def test_the_sum_is_the_largest_that_the_total_allows(
    drawn: list[tuple[float, float, float, float, float, str]], most: float
) -> None:
    cells = cells_of(drawn, most)
    inside, harm = (np.array([one[k] for one in drawn]) for k in (3, 4))
    kept, held = within_totals(cells, inside, harm)
    assert np.all(kept.high >= kept.low)
    assert np.all(kept.high <= cells.high * (1.0 + 1e-12) + 1e-9)
    mine = np.array([one[5] == "A" for one in drawn])
    others = cells.high - cells.own
    sure = np.clip(cells.low - others, 0.0, cells.own)
    floor = float(np.sum((inside * sure)[mine]))
    in_all = float(np.sum((inside * kept.own)[mine]))
    assert in_all <= max(most, floor) * (1.0 + 1e-9) + 1e-6
    assert np.array_equal(kept.high[~mine], cells.high[~mine])
    if not held:
        assert kept is cells
        return
    # The same by linear programming: where the people of A do most harm.
    best = linprog(
        -harm[mine], A_ub=inside[mine][None, :], b_ub=[max(most, floor)],
        bounds=np.column_stack([sure, cells.own])[mine], method="highs",
    )  # fmt: skip
    ours = float(np.sum((harm * kept.own)[mine]))
    assert ours == pytest.approx(-best.fun, rel=1e-6, abs=1e-3)


@pytest.mark.parametrize("where", [(64.0, -25.0, 80.0), (13.0, 100.0, 20.0), (19.4, -100.0, 60.0)])
def test_no_country_has_more_people_in_a_corridor_than_it_has(
    where: tuple[float, float, float],
) -> None:
    lat, lon = math.radians(where[0]), math.radians(where[1])
    way = np.linspace(0.0, 1200e3, 241)
    a, b = (np.asarray(x) for x in destination(lat, lon, math.radians(where[2]), way))
    trace = ImpactTrace(
        t_s=np.linspace(0.0, 500.0, 241), latitude_rad=a, longitude_rad=b,
        fall_s=np.full(241, 100.0), range_m=np.asarray(distance_m(lat, lon, a, b)),
        powered=np.ones(241, dtype=bool), legs=("burn",) * 241, left_s=None, how="by hand",
    )  # fmt: skip
    cells = corridor_cells(corridor(trace, "large"))
    known = set(most_people().values())
    assert cells.most
    assert set(cells.most.values()) <= known
    ones = np.ones(len(cells))
    kept, held = within_totals(cells, ones, np.linspace(1.0, 2.0, len(cells)))
    named = np.array(kept.counted_in, dtype=object)
    for name, most in cells.most.items():
        assert float(np.sum(kept.own[named == name])) <= most * (1.0 + 1e-9)
    assert float(np.sum(kept.high)) <= float(np.sum(cells.high))
    if where[0] == 64.0:
        assert "Iceland" in held
