import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.orbit.elements import Elements, state_from_elements
from cosmodrome.orbit.motion import Motion, Secular, Sgp4, Tabulated, TwoBody
from cosmodrome.world.data_end import DataEndError
from cosmodrome.world.environment import Environment
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.state import State, Trajectory

NOW = Epoch.parse("2027-03-20T12:00:00Z")
MU = Environment().mu_m3_s2
ISS = (
    "1 25544U 98067A   24261.50000000  .00016717  00000-0  10270-3 0  9009",
    "2 25544  51.6400 208.9163 0006703  69.9862 290.2137 15.49815689 12345",
)


def orbit(eccentricity: float = 0.01) -> TwoBody:
    r, v = state_from_elements(
        Elements.keplerian(7.2e6 / (1 - eccentricity), eccentricity, 1.7, 0.4, 0.5, 0.6), MU
    )
    return TwoBody(State(NOW, "TOD", r, v), MU)


def table(step_s: float, until_s: float = 6000.0, eccentricity: float = 0.01) -> Trajectory:
    t = np.arange(0.0, until_s + 0.1, step_s)
    return Trajectory(NOW, "TOD", t, *orbit(eccentricity).at(t))


def test_all_makers_are_motions() -> None:
    makers: tuple[Motion, ...] = (
        orbit(),
        Secular.from_state(orbit().state),
        Sgp4.from_tle(*ISS),
        Tabulated(table(60.0)),
    )
    for motion in makers:
        r, v = motion.at(np.array([60.0, 61.0]))
        assert r.shape == v.shape == (2, 3)
        assert (r[1] - r[0]) == pytest.approx(0.5 * (v[0] + v[1]), abs=0.01)
        assert motion.span_s[0] <= 60.0
        assert motion.span_s[1] >= 61.0
        assert motion.at(np.array([]))[0].shape == (0, 3)
        with pytest.raises(InputError):
            motion.at(np.array([np.nan]))


def test_two_bodies_return_after_a_period() -> None:
    motion = orbit(0.3)
    period = 2.0 * np.pi * np.sqrt((7.2e6 / 0.7) ** 3 / MU)
    r, v = motion.at([0.0, period, -3.0 * period])
    assert r == pytest.approx(np.tile(motion.state.r_m, (3, 1)), abs=1e-5)
    assert v == pytest.approx(np.tile(motion.state.v_m_s, (3, 1)), abs=1e-8)


def test_two_bodies_need_a_frame_that_stands_still() -> None:
    with pytest.raises(InputError, match="turn with the Earth"):
        TwoBody(State(NOW, "ITRF", orbit().state.r_m, orbit().state.v_m_s))


@pytest.mark.parametrize(("step_s", "within_m"), [(60.0, 1e-6), (180.0, 1e-3), (300.0, 0.1)])
def test_between_states_as_well_as_the_docstring_says(step_s: float, within_m: float) -> None:
    motion = Tabulated(table(step_s))
    t = np.linspace(*motion.span_s, 1001)
    r, v = motion.at(t)
    want_r, want_v = orbit().at(t)
    assert float(np.max(np.abs(r - want_r))) < within_m
    assert float(np.max(np.abs(v - want_v))) < within_m / 50.0


def test_states_themselves_come_back() -> None:
    states = table(120.0)
    r, v = Tabulated(states).at(states.t_s)
    assert r == pytest.approx(states.r_m, abs=1e-8)
    assert v == pytest.approx(states.v_m_s, abs=1e-10)


def jumped() -> Trajectory:
    """Two stretches of one table; the second a kilometre off, with its join standing twice."""
    one = table(60.0, 600.0)
    t = np.concatenate([one.t_s, one.t_s + 600.0])
    r, v = orbit().at(t)
    r[11:] += 1000.0
    return Trajectory(NOW, "TOD", t, r, v)


def test_nothing_is_interpolated_across_a_jump() -> None:
    motion = Tabulated(jumped())
    t = np.array([590.0, 600.0, 610.0])
    off = motion.at(t)[0] - orbit().at(t)[0]
    assert off == pytest.approx(np.array([[0.0] * 3, [1000.0] * 3, [1000.0] * 3]), abs=1e-5)
    assert motion.span_s == (0.0, 1200.0)


def test_a_gap_between_segments_is_refused() -> None:
    whole = table(60.0, 1200.0)
    parts = Trajectory(
        NOW, "TOD", whole.t_s, whole.r_m, whole.v_m_s, segments=(("a", 0, 10), ("b", 10, 21))
    )
    motion = Tabulated(parts)
    assert motion.at([540.0, 600.0])[0] == pytest.approx(whole.r_m[9:11], abs=1e-8)
    with pytest.raises(InputError, match="gap between two segments") as caught:
        motion.at([570.0])
    assert caught.value.value == 570.0


def test_short_segments_use_what_they_have() -> None:
    two = table(10.0, 10.0)
    r, _ = Tabulated(two).at([5.0])
    assert r[0] == pytest.approx(orbit().at([5.0])[0][0], abs=1e-3)
    with pytest.raises(InputError, match="two states"):
        Tabulated(Trajectory(NOW, "TOD", two.t_s[:1], two.r_m[:1], two.v_m_s[:1]))


def test_outside_the_table_is_an_error_with_the_distance() -> None:
    with pytest.raises(DataEndError, match=r"table of states does not reach .* 100 s past its end"):
        Tabulated(table(60.0)).at([6100.0])
