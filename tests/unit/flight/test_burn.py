"""How long a unit burns and what it burns: schedules, shapes, and their sums."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmodrome.flight.burn import burn_duration, burnt, full_flow
from cosmodrome.flight.vehicle import Motor, Stage

G0 = 9.80665
SHARE = 1e-12  # relative, of sums of a few products

LEVEL = st.floats(0.3, 1.0)
TIME = st.floats(-20.0, 400.0)


def stage(
    usable: float = 9000.0,
    schedule: tuple[tuple[float, float], ...] = (),
    shape: tuple[tuple[float, float], ...] = (),
) -> Stage:
    return Stage("s", 800.0, usable, 100.0, Motor(2e5, 300.0, shape=shape), schedule=schedule)


@st.composite
def schedules(draw: st.DrawFn) -> tuple[tuple[float, float], ...]:
    steps = draw(st.lists(st.floats(1.0, 60.0), min_size=0, max_size=4))
    times = [0.0]
    for step in steps:
        times.append(times[-1] + step)
    return tuple((t, draw(LEVEL)) for t in times)


@st.composite
def shapes(draw: st.DrawFn) -> tuple[tuple[float, float], ...]:
    steps = draw(st.lists(st.floats(0.5, 40.0), min_size=1, max_size=5))
    times = [0.0]
    for step in steps:
        times.append(times[-1] + step)
    return tuple((t, draw(st.floats(0.1, 2.0))) for t in times)


def test_full_throttle_is_mass_over_flow() -> None:
    one = stage()
    assert one.motor is not None
    flow = full_flow(one.motor, G0)
    assert flow == pytest.approx(2e5 / (300.0 * G0), rel=SHARE)
    assert burn_duration(one, G0) == pytest.approx(9000.0 / flow, rel=SHARE)
    assert burnt(one, 10.0, 25.0, G0) == pytest.approx(15.0 * flow, rel=SHARE)


def test_a_schedule_stretches_the_burn() -> None:
    """Twenty seconds full, twenty at half, then full: ten seconds longer."""
    plain, eased = stage(), stage(schedule=((0.0, 1.0), (20.0, 0.5), (40.0, 1.0)))
    assert burn_duration(eased, G0) == pytest.approx(burn_duration(plain, G0) + 10.0, rel=SHARE)


def test_a_shape_sets_the_time_whatever_the_propellant() -> None:
    assert burn_duration(stage(shape=((0.0, 1.2), (60.0, 0.8))), G0) == 60.0


def test_nothing_to_burn_takes_no_time() -> None:
    assert burn_duration(stage(usable=0.0), G0) == 0.0
    inert = Stage("i", 1.0, 0.0, 0.0, None)
    assert burn_duration(inert, G0) == 0.0
    assert burnt(inert, 0.0, 100.0, G0) == 0.0


@given(schedules())
def test_what_is_burnt_by_the_end_is_all_there_is(
    schedule: tuple[tuple[float, float], ...],
) -> None:
    one = stage(schedule=schedule)
    assert burnt(one, 0.0, burn_duration(one, G0), G0) == pytest.approx(9000.0, rel=1e-10)


@given(schedules(), shapes(), st.booleans(), st.tuples(TIME, TIME, TIME))
@settings(max_examples=80)
def test_burning_adds_up(
    schedule: tuple[tuple[float, float], ...],
    shape: tuple[tuple[float, float], ...],
    solid: bool,
    times: tuple[float, float, float],
) -> None:
    one = stage(shape=shape) if solid else stage(schedule=schedule)
    a, b, c = (max(t, 0.0) for t in sorted(times))
    whole = burnt(one, a, c, G0)
    assert burnt(one, a, b, G0) + burnt(one, b, c, G0) == pytest.approx(whole, rel=1e-10, abs=1e-6)
    assert whole >= 0.0


@given(shapes())
def test_a_shape_burns_its_mean(shape: tuple[tuple[float, float], ...]) -> None:
    one = stage(shape=shape)
    assert one.motor is not None
    area = sum(0.5 * (y0 + y1) * (t1 - t0) for (t0, y0), (t1, y1) in pairwise(shape))
    expected = full_flow(one.motor, G0) * area
    assert burnt(one, 0.0, shape[-1][0], G0) == pytest.approx(expected, rel=1e-10)
    assert burnt(one, 0.0, shape[-1][0] + 50.0, G0) == pytest.approx(expected, rel=1e-10)
