from typing import Any

import numpy as np
import pytest

from cosmodrome.errors import CosmodromeError, FrameError, InputError
from cosmodrome.orbit.collocation import arcs
from cosmodrome.orbit.elements import Elements, elements_from_state, state_from_elements
from cosmodrome.orbit.forces import Drag, ForceModel, Radiation
from cosmodrome.orbit.motion import Sgp4, Tabulated, TwoBody
from cosmodrome.orbit.propagate import propagate
from cosmodrome.world.data_end import DataEndError
from cosmodrome.world.density import Exponential
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.gravity_field import GravityField
from cosmodrome.world.state import State, in_frame

NOW = Epoch.parse("2025-03-20T12:00:00Z")
MU = 3.986004415e14
POINT = GravityField("point", MU, 6378136.3, np.eye(1), np.zeros((1, 1)))
BARE = ForceModel(POINT, None, None)


def state(a: float = 7e6, e: float = 0.001, i: float = 1.0, frame: str = "GCRF") -> State:
    r, v = state_from_elements(Elements.keplerian(a, e, i, 0.5, 0.6, 0.7), MU)
    return State(NOW, frame, r, v)


@pytest.mark.parametrize(
    ("a", "e"), [(6.8e6, 0.0), (7.5e6, 0.1), (24.4e6, 0.73), (26.56e6, 0.74), (42.164e6, 0.0)]
)
def test_our_own_engine_flies_keplers_ellipse(a: float, e: float) -> None:
    t = np.linspace(-20000.0, 86400.0, 300)
    start = state(a, e)
    got = propagate(start, t, BARE, engine="own", tolerance_m=1e-6)
    want = propagate(TwoBody(start, MU), t)
    assert float(np.max(np.abs(got.r_m - want.r_m))) < 1e-3
    assert float(np.max(np.abs(got.v_m_s - want.v_m_s))) < 1e-6


def test_open_orbits_too() -> None:
    r, v = state_from_elements(Elements.keplerian(-2e7, 1.4, 1.0, 0.5, 0.6, 0.0), MU)
    start = State(NOW, "GCRF", r, v)
    t = np.linspace(0.0, 86400.0, 30)
    got = propagate(start, t, BARE, engine="own", tolerance_m=1e-5)
    assert got.r_m == pytest.approx(propagate(TwoBody(start, MU), t).r_m, abs=1e-3)


def test_a_tighter_tolerance_is_obeyed() -> None:
    model = ForceModel()
    end = [86400.0]
    fine = propagate(state(), end, model, engine="own", tolerance_m=1e-7).r_m
    errors = [
        float(
            np.linalg.norm(propagate(state(), end, model, engine="own", tolerance_m=x).r_m - fine)
        )
        for x in (1e-1, 1e-4)
    ]
    assert errors[0] < 1.0
    assert errors[1] < 1e-3


def test_drag_lowers_by_what_the_formula_says() -> None:
    # King-Hele: a circular orbit loses 2 pi rho (Cd A / m) a^2 of a in a revolution.
    rho, ratio, a = 1e-12, 0.02, 6.8e6
    # A spin axis that the orbit's plane contains leaves the air's turning out to first order.
    model = ForceModel(POINT, None, None, Drag(ratio, Exponential(rho, 0.0, 1e12)))
    period = 2.0 * np.pi * np.sqrt(a**3 / MU)
    flown = propagate(state(a, 0.0, np.pi / 2), [0.0, 10.0 * period], model, engine="own")
    sizes = elements_from_state(flown.r_m, flown.v_m_s, MU).semi_major_axis_m
    assert sizes[0] - sizes[1] == pytest.approx(10.0 * 2.0 * np.pi * rho * ratio * a * a, rel=0.02)


def test_arcs_end_where_the_shadow_begins() -> None:
    model = ForceModel(POINT, radiation=Radiation(0.02))
    start = state(7e6, 0.0, 0.4)
    edges = [arc.end_s for arc in arcs(model, NOW, start.r_m, start.v_m_s, 12000.0)]
    plain = [arc.end_s for arc in arcs(BARE, NOW, start.r_m, start.v_m_s, 12000.0)]
    assert len(edges) >= len(plain) + 6
    # Two of them make a penumbra of some seconds.
    assert 5.0 < float(np.min(np.diff(edges))) < 60.0


def test_words_and_motions() -> None:
    t = np.array([0.0, 100.0])
    start = state(frame="TEME")
    two = propagate(start, t)
    assert two.frame == "TEME"
    assert two.r_m == pytest.approx(propagate(start, t, "two-body").r_m)
    assert propagate(start, t, "secular").frame == "TEME"
    assert propagate(start, t, "secular", frame="TOD").frame == "TOD"
    table = Tabulated(two)
    assert propagate(table, t).r_m == pytest.approx(two.r_m, abs=1e-8)
    flown = propagate(table, t, ForceModel())
    assert flown.frame == "TEME"
    assert 0.5 < float(np.linalg.norm(flown.r_m[1] - two.r_m[1])) < 100.0


def test_frames_only_change_the_axes() -> None:
    start, t = state(), np.array([0.0, 3000.0])
    model = ForceModel()
    plain = propagate(start, t, model, engine="own")
    turned = propagate(in_frame(start, "TOD"), t, model, engine="own", frame="GCRF")
    assert turned.r_m == pytest.approx(plain.r_m, abs=1e-3)
    fixed = propagate(start, t, model, engine="own", frame="ITRF")
    assert np.linalg.norm(fixed.r_m, axis=1) == pytest.approx(np.linalg.norm(plain.r_m, axis=1))


def test_sgp4_is_read_off() -> None:
    orbit = Sgp4(NOW, 0.00112, 0.001, 1.0, 0.1, 0.2, 0.3, 1e-5)
    got = propagate(orbit, [0.0, 600.0])
    assert got.frame == "TEME"
    assert got.r_m == pytest.approx(orbit.at([0.0, 600.0])[0])


def test_no_times_and_the_start_alone() -> None:
    assert len(propagate(state(), [], ForceModel())) == 0
    for engine in ("own", "fast"):
        only = propagate(state(), [0.0], ForceModel(), engine=engine)
        assert only.r_m[0] == pytest.approx(state().r_m, abs=1e-6)


@pytest.mark.parametrize("engine", ["own", "fast"])
def test_the_surface_ends_an_orbit(engine: str) -> None:
    with pytest.raises(CosmodromeError, match="surface"):
        propagate(state(6.0e6, 0.2), [0.0, 5000.0], ForceModel(), engine=engine)  # type: ignore[arg-type]


def test_the_end_of_the_ephemeris_is_said() -> None:
    late = State(Epoch.parse("2053-10-01"), "GCRF", state().r_m, state().v_m_s)
    with pytest.raises(DataEndError, match="DE421"):
        propagate(late, [0.0, 30.0 * 86400.0], ForceModel(), engine="own")


def test_mistakes_are_named() -> None:
    with pytest.raises(InputError, match="fall"):
        propagate(state(), [1.0, 0.0])
    with pytest.raises(InputError, match="forces"):
        propagate(state(), [0.0], "three-body")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="engine"):
        propagate(state(), [0.0], engine="slow")  # type: ignore[arg-type]
    with pytest.raises(FrameError):
        propagate(state(), [0.0], frame="ICRF")
    with pytest.raises(DataEndError, match="table"):
        propagate(Tabulated(propagate(state(), [0.0, 60.0])), [120.0])


def test_an_orbit_that_comes_down_is_not_followed_through_the_air(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From 80 km on a body of this kind sinks for half an hour, in some thousand arcs."""
    from cosmodrome.orbit import collocation

    tried, one = 0, collocation._one

    def counted(*words: Any) -> Any:
        nonlocal tried
        tried += 1
        return one(*words)

    monkeypatch.setattr(collocation, "_one", counted)
    with pytest.raises(CosmodromeError, match="comes down before 2025-03-2"):
        propagate(state(6.53e6, 0.0), [0.0, 86400.0], ForceModel(drag=Drag(0.05)), engine="own")
    assert tried < 150
