"""Our own engine against a second library at tight tolerance, over a day of low orbit.

The second library is satkit 0.24 with an error bound of 1e-12, DE440 and its
own EGM96; ours flies DE421.
"""

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.orbit import fast
from cosmodrome.orbit.forces import Drag, ForceModel, Radiation
from cosmodrome.orbit.propagate import Engine, propagate
from cosmodrome.world.density import Msis
from cosmodrome.world.epoch import EarthOrientation, Epoch
from cosmodrome.world.gravity_field import GravityField, egm96
from cosmodrome.world.state import State

pytest.importorskip("satkit")

START = State(
    Epoch.parse("2025-03-20T12:00:00Z"),
    "GCRF",
    np.array([6878e3, 0.0, 0.0]),
    np.array([0.0, 1000.0, 7500.0]),
)
DAY = np.linspace(0.0, 86400.0, 289)
DRAG = ForceModel(drag=Drag(0.022), radiation=Radiation(0.013))


@pytest.fixture
def tight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast, "_TOLERANCE", 1e-12)
    monkeypatch.setattr(fast, "_TOLERANCE_DRAG", 1e-12)


def apart_m(model: ForceModel, first: Engine, second: Engine) -> float:
    a, b = (propagate(START, DAY, model, engine=engine).r_m for engine in (first, second))
    return float(np.max(np.linalg.norm(a - b, axis=1)))


@pytest.mark.usefixtures("tight")
def test_degree_20_with_sun_and_moon_within_5_cm() -> None:
    assert apart_m(ForceModel(), "own", "fast") < 0.005


@pytest.mark.usefixtures("tight")
def test_drag_and_sunlight_within_a_metre() -> None:
    # Of 42 km that drag and light move it by; MSIS is computed in single precision there or here.
    assert apart_m(DRAG, "own", "fast") < 1.0


def test_the_fast_engine_by_default_within_its_word(monkeypatch: pytest.MonkeyPatch) -> None:
    for model, within_m in ((ForceModel(), 0.05), (DRAG, 1.0)):
        quick = propagate(START, DAY, model, engine="fast").r_m
        with monkeypatch.context() as patch:
            patch.setattr(fast, "_TOLERANCE", 1e-12)
            patch.setattr(fast, "_TOLERANCE_DRAG", 1e-12)
            slow = propagate(START, DAY, model, engine="fast").r_m
        assert 0.0 < float(np.max(np.linalg.norm(quick - slow, axis=1))) < within_m


def test_backwards_returns_to_the_start() -> None:
    there = propagate(START, [0.0, 20000.0], DRAG, engine="own")
    for engine in ("own", "fast"):
        back = propagate(there.state(-1), [-20000.0, 0.0], DRAG, engine=engine)
        assert np.linalg.norm(back.r_m[0] - START.r_m) < 0.1


def test_many_times_on_both_sides_of_the_start_agree() -> None:
    times = np.arange(-12000.0, 12001.0, 600.0)
    mine, quick = (propagate(START, times, ForceModel(), engine=e) for e in ("own", "fast"))
    assert mine.r_m == pytest.approx(quick.r_m, abs=0.01)
    assert mine.v_m_s == pytest.approx(quick.v_m_s, abs=1e-5)


def test_an_epoch_between_two_microseconds_costs_nothing() -> None:
    # The fast engine counts whole ones; 0.3 of one is 2 mm of way.
    odd = State(START.epoch + 3.3e-7, "GCRF", START.r_m, START.v_m_s)
    times = np.array([0.0, 1234.5678904, 20000.0])
    mine, quick = (propagate(odd, times, ForceModel(), engine=e) for e in ("own", "fast"))
    assert mine.r_m == pytest.approx(quick.r_m, abs=1e-3)


def other_gravity() -> GravityField:
    field = egm96(20)
    return GravityField("EGM96", field.mu_m3_s2, field.radius_m, field.c, field.s * (1.0 + 1e-9))


REFUSED = (
    (ForceModel(gravity=other_gravity()), "gravity"),
    (ForceModel(orientation=EarthOrientation.constant(-37.0)), "orientation"),
    (ForceModel(sun=lambda _epoch, t: np.full((t.size, 3), 1.5e11)), "ephemeris"),
    (ForceModel(drag=Drag(0.01, Msis("2.1"))), "density"),
    (ForceModel(drag=Drag(0.01, Msis("00", storms=False))), "density"),
)


@pytest.mark.parametrize(("model", "word"), REFUSED)
def test_what_the_fast_engine_has_not_goes_to_our_own(model: ForceModel, word: str) -> None:
    assert word in fast.misfit(model, START.epoch, DAY)
    with pytest.raises(InputError, match=word):
        propagate(START, DAY, model, engine="fast")
    mine = propagate(START, [0.0, 600.0], model, engine="own").r_m
    assert np.array_equal(propagate(START, [0.0, 600.0], model).r_m, mine)


def test_a_standard_model_goes_to_the_fast_one() -> None:
    times = [0.0, 600.0]
    for model in (ForceModel(), ForceModel(gravity=egm96(20).cut(12)), DRAG):
        assert fast.misfit(model, START.epoch, np.array(times)) == ""
    quick = propagate(START, times, ForceModel(), engine="fast").r_m
    assert np.array_equal(propagate(START, times, ForceModel()).r_m, quick)
