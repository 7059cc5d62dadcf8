from typing import Any

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.world.data_end import DataEndError
from cosmodrome.world.density import Exponential, Msis, msis_profile
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.space_weather import SpaceWeather

NOON = Epoch.parse("2020-06-21T12:00:00Z")
CALM = SpaceWeather.constant(70.0, ap=4.0)
WILD = SpaceWeather.constant(220.0, ap=80.0)


def column(*values: float) -> np.ndarray:
    return np.array(values)


def at_400_km(model: Msis, longitude_rad: float = 0.0) -> float:
    zero = column(0.0)
    return float(model.kg_m3(NOON, zero, zero, column(longitude_rad), column(400e3))[0])


@pytest.mark.parametrize("version", ["00", "2.1"])
def test_the_sun_swells_the_air(version: Any) -> None:
    calm, wild = (at_400_km(Msis(version, weather)) for weather in (CALM, WILD))
    assert 5e-13 < calm < 3e-12
    assert 4.0 < wild / calm < 30.0


def test_day_is_denser_than_night() -> None:
    assert at_400_km(Msis("00", CALM)) > 1.5 * at_400_km(Msis("00", CALM), np.pi)


def test_one_and_many_agree() -> None:
    t, latitude = column(0.0, 7200.0), column(0.2, -1.0)
    longitude, altitude = column(1.0, 2.0), column(300e3, 500e3)
    both = Msis("2.1", CALM).kg_m3(NOON, t, latitude, longitude, altitude)
    for k in range(2):
        one = Msis("2.1", CALM).kg_m3(
            NOON + float(t[k]), column(0.0), latitude[[k]], longitude[[k]], altitude[[k]]
        )
        assert both[k] == pytest.approx(float(one[0]), rel=1e-6)


def test_storms_are_followed_or_averaged() -> None:
    # The shipped record of 2024-05-10, when Ap rose from 12 to 300 within the day.
    evening = Epoch.parse("2024-05-10T23:00:00Z")
    place = (column(0.0), column(0.3), column(0.0), column(400e3))
    stormy = Msis("00").kg_m3(evening, *place)[0]
    daily = Msis("00", storms=False).kg_m3(evening, *place)[0]
    assert stormy != pytest.approx(daily, rel=0.05)


def test_steady_history_equals_daily_by_definition_of_input() -> None:
    place = (column(0.0), column(0.3), column(0.0), column(400e3))
    flat = msis_profile("00", NOON, *place, (150.0, 150.0, column(12.0)))
    again = msis_profile("00", NOON, 0.0, 0.3, 0.0, 400e3, (150.0, 150.0, 12.0))
    assert flat == pytest.approx(again, rel=1e-12)


def test_what_is_not_known_is_refused() -> None:
    with pytest.raises(InputError, match="density model"):
        Msis("86")  # type: ignore[arg-type]
    zero = column(0.0)
    with pytest.raises(DataEndError, match="space weather"):
        Msis("00").kg_m3(Epoch.parse("2048-01-01"), zero, zero, zero, column(400e3))


def test_exponential() -> None:
    air = Exponential(1e-11, 300e3, 50e3)
    zero = column(0.0, 0.0)
    got = air.kg_m3(NOON, zero, zero, zero, column(300e3, 350e3))
    assert got == pytest.approx([1e-11, 1e-11 / np.e])
