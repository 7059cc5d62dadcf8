import math
from pathlib import Path

import numpy as np
import pytest
from scipy.special import assoc_legendre_p_all

from cosmodrome.errors import InputError, ShapeError
from cosmodrome.world import earth
from cosmodrome.world.gravity_field import GravityField, egm96, field_from_file

PLACES = np.random.default_rng(3).normal(size=(150, 3))
PLACES *= 6.8e6 / np.linalg.norm(PLACES, axis=1)[:, None]


def potential(field: GravityField, r: np.ndarray) -> float:
    """The sum as the textbooks print it."""
    size = float(np.linalg.norm(r))
    longitude = math.atan2(r[1], r[0])
    n_top = field.degree
    legendre = assoc_legendre_p_all(n_top, n_top, r[2] / size)[0]
    total = 0.0
    for n in range(n_top + 1):
        for m in range(n + 1):
            scale = (2 - (m == 0)) * (2 * n + 1) * math.factorial(n - m) / math.factorial(n + m)
            wave = field.c[n, m] * math.cos(m * longitude) + field.s[n, m] * math.sin(m * longitude)
            # SciPy's functions carry the Condon-Shortley sign.
            sign = (-1) ** m
            power = (field.radius_m / size) ** n
            total += power * sign * math.sqrt(scale) * legendre[n, m] * wave
    return field.mu_m3_s2 / size * total


@pytest.mark.parametrize("degree", [2, 7, 20])
def test_acceleration_is_the_slope_of_the_potential(degree: int) -> None:
    field, step = egm96(20).cut(degree), 30.0
    for r in (*PLACES[:3], np.array([1.0, 2.0, 6.8e6])):
        slope = [
            (potential(field, r + step * axis) - potential(field, r - step * axis)) / (2 * step)
            for axis in np.eye(3)
        ]
        assert field.acceleration(r[None])[0] == pytest.approx(np.array(slope), abs=3e-9)


def test_zonals_agree_with_the_ascents_gravity() -> None:
    field = egm96(20).cut(4)
    c = np.zeros((5, 5))
    c[:, 0] = field.c[:, 0]
    zonal = GravityField("zonal", field.mu_m3_s2, field.radius_m, c, np.zeros((5, 5)))
    terms = tuple(field.zonal(n) for n in (2, 3, 4))
    assert terms[0] == pytest.approx(1.0826e-3, rel=1e-4)
    want = earth.gravity(PLACES, field.mu_m3_s2, field.radius_m, terms)
    assert zonal.acceleration(PLACES) == pytest.approx(want, abs=1e-13)


def test_many_places_equal_one_by_one() -> None:
    field = egm96(20)
    together = field.acceleration(PLACES)
    for k in (0, 63, 64, 149):
        assert together[k] == pytest.approx(field.acceleration(PLACES[k : k + 1])[0], abs=1e-14)
    assert field.acceleration(np.empty((0, 3))).shape == (0, 3)


def test_poles_and_high_degrees_stay_finite() -> None:
    field = egm96(120)
    pull = field.acceleration(np.array([[0.0, 0.0, 6.5e6], [1e-9, 0.0, -6.5e6]]))
    assert np.all(np.isfinite(pull))
    assert np.linalg.norm(pull, axis=1) == pytest.approx([9.4, 9.4], abs=0.1)


def test_egm96_is_egm96() -> None:
    # C(2,2) and S(2,2) as its report prints them.
    field = egm96(20)
    assert field.c[2, 2] == pytest.approx(2.43914352398e-6, rel=1e-12)
    assert field.s[2, 2] == pytest.approx(-1.40016683654e-6, rel=1e-12)
    assert field.mu_m3_s2 == 3.986004415e14


FILE = """modelname tiny
earth_gravity_constant 3.986D+14
radius 6.378e6
gfc 2 0 -4.84D-04 0.0 0 0
gfc 1 0 0.0 0.0 0 0
"""


def test_files_of_any_order_and_exponent(tmp_path: Path) -> None:
    path = tmp_path / "tiny.gfc"
    path.write_text(FILE, encoding="ascii")
    field = field_from_file(str(path), 2)
    assert (field.name, field.c[0, 0], field.c[2, 0]) == ("tiny", 1.0, -4.84e-4)
    with pytest.raises(InputError, match="ends below") as caught:
        field_from_file(str(path), 3)
    assert caught.value.allowed == "0 to 2"
    path.write_text(FILE.replace("radius", "size"), encoding="ascii")
    with pytest.raises(InputError, match="radius"):
        field_from_file(str(path), 2)


def test_shapes_and_degrees_are_checked() -> None:
    with pytest.raises(ShapeError):
        GravityField("bad", 1.0, 1.0, np.eye(3), np.eye(2))
    with pytest.raises(InputError, match="does not reach degree 21"):
        egm96(20).cut(21)
    with pytest.raises(InputError):
        egm96(-1)
