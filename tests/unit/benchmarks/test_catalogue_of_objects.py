"""The made-up catalogue: the same by its seed, valid for SGP4, and read back as written."""

from __future__ import annotations

import importlib
import math
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.io.bounds import Source
from cosmodrome.io.tle import tles_from_text
from cosmodrome.windows.screen_catalogue import catalogue_from_text
from cosmodrome.windows.screen_classes import kinds_of
from cosmodrome.windows.screen_objects import shells
from cosmodrome.world.epoch import Epoch

BENCHMARKS = Path(__file__).resolve().parents[3] / "benchmarks"
EPOCH = Epoch.parse("2027-03-20T12:00:00Z")


@pytest.fixture
def cases(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("cases.catalogue_of_objects")


def test_a_seed_decides_every_element(cases: ModuleType) -> None:
    one, other = (cases.written(cases.drawn(50, seed=4)) for _ in range(2))
    assert one == other
    assert one != cases.written(cases.drawn(50, seed=5))


def test_it_is_written_as_tles_that_the_strict_reader_takes(cases: ModuleType) -> None:
    objects = cases.drawn(400)
    strict = tles_from_text(Source("made"), cases.written(objects))
    for (name, motion), tle in zip(objects, strict, strict=True):
        assert (tle.name, tle.elements.catalogue) == (name, motion.catalogue)
        apart = (
            motion.at(np.zeros(1))[0]
            - tle.motion().at(np.array([motion.epoch - tle.elements.epoch]))[0]
        )
        # A TLE's digits: 5e-5 deg is 6 m in low orbit and 37 m at the highest, by four angles.
        assert np.linalg.norm(apart) < 100.0


def test_planes_heights_and_numbers_are_those_of_a_catalogue(cases: ModuleType) -> None:
    catalogue = catalogue_from_text(Source("made"), cases.written(cases.drawn(3000)))
    assert not catalogue.refused
    assert len(catalogue) == 3000
    assert np.mean(catalogue.numbers > 99_999) == pytest.approx(0.22, abs=0.03)
    low, high, lost = shells(catalogue.motions, EPOCH, 7200.0)
    # Perigees of transfer orbits come down; SGP4 then says so, of few.
    assert np.mean(lost) < 0.005
    heights = (0.5 * (low + high)[~lost] - 6.378e6) / 1e3
    assert np.mean((heights > 300.0) & (heights < 2000.0)) == pytest.approx(0.86, abs=0.04)
    kinds = kinds_of(catalogue)
    assert kinds.count("crewed") == 2
    assert kinds.count("debris") / 3000 == pytest.approx(0.43, abs=0.04)
    tilts = [math.degrees(m.inclination_rad) for m in catalogue.motions]
    assert max(tilts) < 120.0
    assert np.all(catalogue.age_s(EPOCH) >= 0.0)


def test_an_object_passes_through_the_state_it_is_made_for(cases: ModuleType) -> None:
    r, v = np.array([6.9e6, 3e5, -2e5]), np.array([200.0, 1500.0, 7400.0])
    motion = cases.through(r, v, EPOCH, 7)
    there, speed = motion.at(np.zeros(1))
    assert np.linalg.norm(there[0] - r) < 1e-3
    assert np.linalg.norm(speed[0] - v) < 1e-5
    with pytest.raises(InputError, match="SGP4"):
        cases.through(np.array([6.4e6, 0.0, 0.0]), np.array([6000.0, 1000.0, 0.0]), EPOCH, 7)


def test_the_climb_ends_in_its_orbit(cases: ModuleType) -> None:
    climb = importlib.import_module("cases.climb")
    from cosmodrome.orbit.elements import elements_from_state
    from cosmodrome.world.state import in_frame

    last = in_frame(climb.climb().state(-1), "TOD")
    at = elements_from_state(last.r_m, last.v_m_s, 3.986004418e14)
    assert math.degrees(at.inclination_rad) == pytest.approx(97.4, abs=0.3)
    assert at.eccentricity < 1e-3
    assert cases.COUNT == 27_000
