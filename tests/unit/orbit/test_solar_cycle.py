"""Past cycles found in the record, and laid onto the future."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.orbit.solar_cycle import (
    SolarHistories,
    drawn_histories,
    named_histories,
    past_cycles,
)
from cosmodrome.world.data_end import DataEndError
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.space_weather import SpaceWeather, space_weather

EPOCH = Epoch.parse("2027-03-20T12:00:00Z")
# Minima of the smoothed sunspot number, version 2.0 (SILSO, Royal Observatory of
# Belgium): cycles 20 to 25 begin here.
MINIMA = (1964.8, 1976.2, 1986.7, 1996.6, 2008.9, 2019.9)
MINIMUM_YEARS = 0.5  # the flux has its minimum a few months beside the spots


def made_up(period_years: float = 10.0) -> SpaceWeather:
    """Cycles of equal length from a minimum in 1960 to 2000, each 20 units higher than the last."""
    day = np.arange(36934.0, 36934.0 + 40.0 * 365.25)
    phase = (day - day[0]) / 365.25 / period_years
    flux = 70.0 + (50.0 + 20.0 * np.floor(phase)) * np.sin(np.pi * (phase % 1.0)) ** 2
    hours = np.repeat(flux[:, None] / 10.0, 8, axis=1)
    return SpaceWeather("made up", day, flux, flux, flux / 10.0, hours, math.inf, math.inf)


def test_the_minima_are_those_of_the_sunspots() -> None:
    cycles = past_cycles(space_weather())
    years = 1858.876 + cycles.minima_mjd / 365.25
    assert years == pytest.approx(MINIMA, abs=MINIMUM_YEARS)
    assert cycles.length_days == pytest.approx(np.diff(cycles.minima_mjd))


def test_made_up_cycles_are_found_again() -> None:
    cycles = past_cycles(made_up())
    assert cycles.length_days == pytest.approx(np.full(2, 3652.5), abs=25.0)
    assert cycles.f107.max(axis=1) == pytest.approx([140.0, 160.0], abs=3.0)
    assert cycles.ap == pytest.approx(cycles.f107 / 10.0, abs=0.5)


def test_the_observed_part_is_the_record_and_the_rest_its_cycles() -> None:
    weather = made_up()
    epoch = Epoch(46000, 0.0)
    histories = drawn_histories(weather, epoch, 30.0, 40, np.random.default_rng(3))
    assert histories.observed_s == pytest.approx((weather.mjd[-1] - 46000.0) * 86400.0)
    days = 46000.0 + np.arange(histories.f107.shape[1]) * histories.step_s / 86400.0
    seen = days <= weather.mjd[-1]
    record = np.interp(days[seen], weather.mjd, weather.f107_mean81)
    assert histories.f107[:, seen] == pytest.approx(np.tile(record, (40, 1)))
    later = histories.f107[:, ~seen]
    # The last cycle was whole when the record ended, so whole ones follow.
    assert later.max() == pytest.approx(160.0, abs=4.0)
    assert later.min() == pytest.approx(70.0, abs=4.0)
    assert len({tuple(row) for row in np.round(later)}) > 3


def test_low_mean_and_high_are_in_order_over_a_cycle() -> None:
    histories = named_histories(space_weather(), EPOCH, 60.0)
    assert histories.names == ("low", "mean", "high")
    low, mean, high = histories.f107[:, 200:].mean(axis=1)
    cycles = past_cycles(space_weather()).f107.mean(axis=1)
    assert low == pytest.approx(cycles.min(), rel=0.05)
    assert high == pytest.approx(cycles.max(), rel=0.05)
    assert low < mean < high


def test_the_same_seed_draws_the_same_suns() -> None:
    one, two, other = (
        drawn_histories(space_weather(), EPOCH, 20.0, 5, np.random.default_rng(k)).f107
        for k in (1, 1, 2)
    )
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


def test_histories_are_read_between_their_columns_and_held_at_the_ends() -> None:
    histories = SolarHistories(
        EPOCH, 10.0, np.array([[70.0, 90.0, 80.0]]), np.array([[4.0, 8.0, 6.0]]), ("x",), 0.0
    )
    flux, ap = histories.at(np.zeros(4, dtype=np.intp), np.array([-5.0, 5.0, 20.0, 99.0]))
    assert flux == pytest.approx([70.0, 80.0, 80.0, 80.0])
    assert ap == pytest.approx([4.0, 6.0, 6.0, 6.0])


def test_a_stated_sun_is_held() -> None:
    stated = SpaceWeather.constant(123.0, 120.0, 7.0)
    for histories in (
        drawn_histories(stated, EPOCH, 20.0, 3, np.random.default_rng(0)),
        named_histories(stated, EPOCH, 20.0),
    ):
        flux, ap = histories.at(np.arange(3), np.array([0.0, 1e7, 1e9]))
        assert flux == pytest.approx(120.0)
        assert ap == pytest.approx(7.0)
    with pytest.raises(InputError, match="no cycles"):
        past_cycles(stated)


def test_a_record_without_a_whole_cycle_is_refused() -> None:
    with pytest.raises(InputError, match="whole solar cycle"):
        past_cycles(made_up(30.0))


def test_an_epoch_before_the_record_is_said_with_its_distance() -> None:
    whole = made_up()
    day, flux, mean, ap, hours = (
        values[5000:]
        for values in (whole.mjd, whole.f107, whole.f107_mean81, whole.ap, whole.ap_3h)
    )
    late = SpaceWeather("late", day, flux, mean, ap, hours, math.inf, math.inf)
    with pytest.raises(DataEndError, match="before its start"):
        drawn_histories(late, Epoch(41500, 0.0), 5.0, 1, np.random.default_rng(0))
