"""Distributions of years until decay."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.orbit.elements import Elements
from cosmodrome.orbit.lifetime import (
    Body,
    Draws,
    Lifetime,
    decay_curves,
    lifetime,
    tumbling_area_m2,
)
from cosmodrome.orbit.secular import Secular
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.space_weather import SpaceWeather

EPOCH = Epoch.parse("2027-03-20T12:00:00Z")
BODY = Body(120.0, 1.0)


def orbit(altitude_km: float, inclination_deg: float = 97.5, epoch: Epoch = EPOCH) -> Secular:
    angles = (np.radians(inclination_deg), 1.0, 1.0, 0.0)
    return Secular(epoch, "TOD", Elements.keplerian(6378137.0 + 1e3 * altitude_km, 0.0, *angles))


def test_the_distribution_is_seeded_and_ordered() -> None:
    draws = Draws(samples=60, seed=4, horizon_years=30.0)
    one, two = (lifetime(orbit(500.0), BODY, draws) for _ in range(2))
    other = lifetime(orbit(500.0), BODY, Draws(samples=60, seed=5, horizon_years=30.0))
    assert np.array_equal(one.years, two.years)
    assert not np.array_equal(one.years, other.years)
    low, middle, high = (one.quantile(share) for share in (0.05, 0.5, 0.95))
    assert 3.0 < low < middle < high < 20.0
    assert one.observed_years == 0.0


def test_the_thinner_model_gives_the_longer_life_in_every_sample() -> None:
    older, newer = (
        lifetime(orbit(450.0), BODY, Draws(samples=20, horizon_years=30.0, models=(model,)))
        for model in ("00", "2.1")
    )
    assert np.all(older.years < newer.years)
    assert older.median_of("00") < newer.median_of("2.1")
    with pytest.raises(InputError, match="no sample"):
        older.median_of("2.1")


def test_without_spread_and_with_a_stated_sun_all_samples_are_one() -> None:
    draws = Draws(samples=5, horizon_years=10.0, density_spread=0.0, models=("00",))
    found = lifetime(
        orbit(400.0), Body(120.0, 1.0, spread=0.0), draws, SpaceWeather.constant(150.0)
    )
    assert np.ptp(found.years) < 1e-9
    twice = lifetime(orbit(400.0), Body(60.0, 1.0, spread=0.0), draws, SpaceWeather.constant(150.0))
    # Not exactly half: the seasons differ.
    assert twice.years[0] == pytest.approx(0.5 * found.years[0], rel=0.1)


def test_a_wider_body_spread_widens_the_lives() -> None:
    widths = []
    for spread in (0.02, 0.3):
        draws = Draws(samples=80, horizon_years=10.0, density_spread=0.0, models=("00",))
        found = lifetime(
            orbit(380.0), Body(120.0, 1.0, spread=spread), draws, SpaceWeather.constant(150.0)
        )
        widths.append(np.std(np.log(found.years)))
    # Drag alone acts, so that a life's logarithm spreads as the body's does, seasons aside.
    assert widths[0] == pytest.approx(0.02, abs=0.01)
    assert widths[1] == pytest.approx(0.3, abs=0.06)


def test_chances_and_quantiles_of_a_known_sample() -> None:
    years = np.array([1.0, 2.0, 3.0, 4.0, inf])
    found = Lifetime(EPOCH, years, np.array([True] * 4 + [False]), 20.0, 0.0)
    assert found.quantile(0.5) == 3.0
    assert found.quantile(0.95) == inf
    chance = found.within(2.5)
    assert chance.probability == pytest.approx(0.4)
    assert chance.standard_error == pytest.approx((3 / 7 * 4 / 7 / 7) ** 0.5)
    assert found.median_of("00") == inf
    with pytest.raises(InputError, match="carried so far"):
        found.within(25.0)


def test_the_curves_come_down_in_the_order_of_their_suns() -> None:
    curves = decay_curves(orbit(500.0), BODY, 20.0)
    ends = [curves[level].end_s[0] for level in ("low", "mean", "high")]
    assert ends == sorted(ends, reverse=True)
    assert np.isfinite(ends).all()
    for curve in curves.values():
        assert np.all(np.diff(curve.t_s[:, 0]) > 0.0)
        assert curve.perigee_m.shape == curve.apogee_m.shape == curve.t_s.shape


def test_a_tumbling_box_shows_a_quarter_of_its_surface() -> None:
    """Against the mean over random directions of what a box really shows."""
    edges = np.array([2.0, 1.0, 0.5])
    rng = np.random.default_rng(2)
    view = rng.standard_normal((20000, 3))
    view = np.abs(view / np.linalg.norm(view, axis=1)[:, None])
    faces = np.array([edges[1] * edges[2], edges[0] * edges[2], edges[0] * edges[1]])
    assert tumbling_area_m2(2.0, 1.0, 0.5) == pytest.approx((view @ faces).mean(), rel=0.005)
    panel = 3.0 * view[:, 0]
    assert tumbling_area_m2(2.0, 1.0, 0.5, 3.0) == pytest.approx(
        (view @ faces + panel).mean(), rel=0.01
    )


@pytest.mark.parametrize(
    ("make", "key"),
    [
        (lambda: Body(0.0, 1.0), "mass_kg"),
        (lambda: Body(100.0, float("nan")), "area_m2"),
        (lambda: Body(100.0, 1.0, -2.0), "drag_coefficient"),
        (lambda: Body(100.0, 1.0, spread=1.5), "spread"),
        (lambda: Draws(samples=0), "samples"),
        (lambda: Draws(horizon_years=500.0), "horizon_years"),
        (lambda: Draws(models=()), "models"),
        (lambda: tumbling_area_m2(1.0, 0.0, 1.0), "width_m"),
        (lambda: tumbling_area_m2(1.0, 1.0, 1.0, -1.0), "panels_m2"),
    ],
)
def test_bad_numbers_are_refused_by_name(make: object, key: str) -> None:
    with pytest.raises(InputError) as caught:
        make()  # type: ignore[operator]
    assert caught.value.key == key
