import math

import pytest

from cosmodrome.errors import InputError
from cosmodrome.orbit import swath

R = 6378137.0


@pytest.mark.parametrize("degrees", [1.0, 7.5, 30.0, 55.0])
def test_there_and_back(degrees: float) -> None:
    width = swath.swath_m(705e3, math.radians(degrees))
    assert math.degrees(swath.half_angle_rad(705e3, width)) == pytest.approx(degrees)


def test_a_flown_instrument() -> None:
    # Landsat 8's imager: 15 deg field of view from 705 km, 185 km (USGS).
    assert swath.swath_m(705e3, math.radians(7.5)) == pytest.approx(185e3, rel=0.01)


def test_sampling_at_nadir_and_off_it() -> None:
    along, across = swath.ground_sample_m(500e3, 1e-6)
    assert along == pytest.approx(0.5)
    assert across == pytest.approx(0.5)
    along, across = swath.ground_sample_m(500e3, 1e-6, math.radians(30))
    # The triangle of centre, satellite and ground.
    edge = swath.edge_elevation_rad(500e3, math.radians(30))
    slant = R * math.sin(math.pi / 2 - edge - math.radians(30)) / math.sin(math.radians(30))
    assert across == pytest.approx(slant * 1e-6)
    assert along == pytest.approx(slant * 1e-6 / math.sin(edge))


def test_past_the_horizon() -> None:
    limit = swath.horizon_half_angle_rad(500e3)
    assert swath.edge_elevation_rad(500e3, limit) == pytest.approx(0.0, abs=1e-7)
    for wrong in (limit + 1e-6, -0.1, math.nan):
        with pytest.raises(InputError):
            swath.swath_m(500e3, wrong)
    with pytest.raises(InputError, match="horizon"):
        swath.half_angle_rad(500e3, 9e6)
    with pytest.raises(InputError, match="positive"):
        swath.swath_m(0.0, 0.1)
    with pytest.raises(InputError, match="grazes"):
        swath.ground_sample_m(500e3, 1e-6, limit)
