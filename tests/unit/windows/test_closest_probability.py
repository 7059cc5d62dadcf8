"""Probability of a collision: published cases, closed forms, and what does not depend on axes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.errors import InputError
from cosmodrome.windows.closest_probability import (
    collision_probability,
    covariance_of,
    disk_share,
)

# Chan 2008, Spacecraft Collision Probability, and Alfano 2009, Satellite Conjunction Monte
# Carlo Analysis (AAS 09-233), as tabulated by Serra et al. 2016, Fast and Accurate Computation
# of Orbital Collision Probability for Short-Term Encounters, J. Guidance 39(5): x, y, sigma x,
# sigma y, radius, probability.
PUBLISHED = (
    (0.0, 10.0, 25.0, 50.0, 5.0, 9.742e-3),
    (10.0, 0.0, 25.0, 50.0, 5.0, 9.181e-3),
    (0.0, 10.0, 25.0, 75.0, 5.0, 6.571e-3),
    (10.0, 0.0, 25.0, 75.0, 5.0, 6.125e-3),
    (0.0, 1000.0, 1000.0, 3000.0, 10.0, 1.577e-5),
    (1000.0, 0.0, 1000.0, 3000.0, 10.0, 1.011e-5),
    (0.0, 10000.0, 1000.0, 3000.0, 10.0, 6.443e-8),
    (10000.0, 0.0, 1000.0, 3000.0, 10.0, 3.219e-27),
    (0.0, 10000.0, 1000.0, 10000.0, 10.0, 3.033e-6),
    (10000.0, 0.0, 1000.0, 10000.0, 10.0, 9.656e-28),
    (0.0, 5000.0, 1000.0, 3000.0, 50.0, 1.039e-4),
    (5000.0, 0.0, 1000.0, 3000.0, 50.0, 1.564e-9),
    (84.875546, 60.583685, 57.918666, 152.8814468, 10.3, 1.9002e-3),
    (-81.618369, 115.055899, 15.988242, 5756.840725, 1.3, 2.0553e-11),
    (102.177247, 693.405893, 94.230921, 643.409272, 5.3, 7.2003e-5),
    (-752.672701, 644.939441, 445.859950, 6095.858688, 3.5, 5.3904e-7),
    (-692.362272, 4475.456261, 193.454603, 562.027293, 13.2, 2.2796e-20),
    (-3.8872073, 0.1591646, 1.4101830, 114.2585190, 15.0, 1.0038e-1),
    (-1.2217895, 2.1230067, 0.0373279, 177.8109003, 10.0, 4.4509e-2),
)


@pytest.mark.parametrize("case", PUBLISHED)
def test_published_probabilities(case: tuple[float, ...]) -> None:
    # A unit of the last digit printed: some are cut and not rounded.
    digits = 10.0 ** math.floor(math.log10(case[5]))
    printed = len(f"{case[5] / digits:.6f}".rstrip("0").partition(".")[2])
    assert disk_share(*case[:5]) == pytest.approx(case[5], abs=digits * 10.0**-printed)


@given(st.floats(0.1, 1e4), st.floats(0.01, 1e3))
def test_a_round_gaussian_over_the_middle_has_a_closed_form(sigma: float, radius: float) -> None:
    share = -math.expm1(-0.5 * (radius / sigma) ** 2)
    assert disk_share(0.0, 0.0, sigma, sigma, radius) == pytest.approx(share, rel=1e-8)


@given(st.integers(0, 10_000))
def test_axes_do_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    half = rng.normal(size=(3, 3)) * 300.0
    covariance = half @ half.T + np.eye(3) * 100.0
    d, v = rng.normal(size=3) * 300.0, rng.normal(size=3) * 5000.0
    one = collision_probability(d, v, covariance, 10.0)
    other = collision_probability(turn @ d, turn @ v, turn @ covariance @ turn.T, 10.0)
    assert one is not None
    assert other == pytest.approx(one, rel=1e-6)


def test_it_is_the_share_of_many_drawn_passes() -> None:
    rng = np.random.default_rng(1)
    r, v = np.array([7e6, 0.0, 0.0]), np.array([0.0, 7000.0, 1000.0])
    covariance = covariance_of((40.0, 200.0, 60.0), r, v)
    d, w = np.array([30.0, 20.0, -40.0]), np.array([9000.0, -2000.0, 3000.0])
    drawn = d + rng.multivariate_normal(np.zeros(3), covariance, 200_000)
    along = w / np.linalg.norm(w)
    across = drawn - (drawn @ along)[:, None] * along
    share = float(np.mean(np.linalg.norm(across, axis=1) < 50.0))
    found = collision_probability(d, w, covariance, 50.0)
    assert found == pytest.approx(share, abs=4.0 * math.sqrt(share / 200_000))


def test_deviations_lie_along_the_satellites_own_axes() -> None:
    found = covariance_of((1.0, 2.0, 3.0), np.array([0.0, 7e6, 0.0]), np.array([-7e3, 0.0, 0.0]))
    assert np.allclose(found, np.diag([4.0, 1.0, 9.0]))


def test_a_slow_encounter_gives_none_and_nonsense_is_refused() -> None:
    d, w, covariance = np.array([100.0, 0.0, 0.0]), np.array([0.0, 5.0, 0.0]), np.eye(3)
    assert collision_probability(d, w, covariance, 10.0) is None
    with pytest.raises(InputError, match="covariance"):
        collision_probability(d, 100.0 * w, -covariance, 10.0)
    with pytest.raises(InputError, match="radius"):
        collision_probability(d, 100.0 * w, covariance, 0.0)
