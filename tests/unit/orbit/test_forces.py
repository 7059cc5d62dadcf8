import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.orbit.forces import Drag, ForceModel, Radiation
from cosmodrome.orbit.forces_sunlight import shadow_margins, sunlit_fraction
from cosmodrome.world import earth
from cosmodrome.world.density import Exponential
from cosmodrome.world.ephemeris import MU_MOON_M3_S2, moon_m, sun_m
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.gravity_field import GravityField, egm96

NOW = Epoch.parse("2025-03-20T12:00:00Z")
ZERO = np.zeros(1)
R = np.array([[6.9e6, 1.0e6, 2.0e6]])
V = np.array([[-1.0e3, 7.0e3, 2.0e3]])
AU_M = 149597870700.0
POINT = GravityField("point", 3.986004415e14, 6378136.3, np.eye(1), np.zeros((1, 1)))


def of(model: ForceModel, r: np.ndarray = R, v: np.ndarray = V) -> np.ndarray:
    return model.at(NOW, np.zeros(len(r))).acceleration(r, v)


def only(**parts: object) -> ForceModel:
    kept = {"gravity": POINT, "sun": None, "moon": None} | parts
    return ForceModel(**kept)  # type: ignore[arg-type]


def test_a_point_mass_pulls_by_the_square() -> None:
    size = np.linalg.norm(R)
    assert of(only())[0] == pytest.approx(-POINT.mu_m3_s2 * R[0] / size**3, rel=1e-14)


def test_the_cheap_part_is_the_field_to_degree_2_along_the_pole() -> None:
    field = egm96(20).cut(2)
    c = np.zeros((3, 3))
    c[0, 0], c[2, 0] = 1.0, field.c[2, 0]
    zonal = only(gravity=GravityField("J2", field.mu_m3_s2, field.radius_m, c, np.zeros((3, 3))))
    forces = zonal.at(NOW, ZERO)
    assert forces.near(R) == pytest.approx(forces.acceleration(R, V), abs=1e-14)


def test_gravity_turns_with_the_earth() -> None:
    model = only(gravity=egm96(20))
    here = model.at(NOW, ZERO)
    fixed = here.turn[0] @ R[0]
    want = here.turn[0].T @ egm96(20).acceleration(fixed[None])[0]
    assert of(model)[0] == pytest.approx(want, rel=1e-14)
    later = model.at(NOW, np.array([7200.0])).acceleration(R, V)
    assert np.linalg.norm(later - of(model)) > 1e-6


def test_the_moon_raises_a_tide() -> None:
    # On the line to the Moon the difference of its pulls is 2 mu r / d^3, outwards.
    moon = moon_m(NOW, 0.0)
    distance = float(np.linalg.norm(moon))
    up = 7.0e6 * moon / distance
    extra = of(only(moon=moon_m), up) - of(only(), up)
    size = float(extra[0] @ moon[0]) / distance
    assert size == pytest.approx(2.0 * MU_MOON_M3_S2 * 7.0e6 / distance**3, rel=0.05)


def test_sunlight_pushes_away_and_not_in_the_shadow() -> None:
    sun = sun_m(NOW, 0.0)
    direction = sun / np.linalg.norm(sun)
    bright = only(sun=sun_m, radiation=Radiation(0.02))
    dark = only(sun=sun_m)
    lit = of(bright, 7e6 * direction) - of(dark, 7e6 * direction)
    # 4.54 micropascals at 1 au, and the square of the distance.
    want = 0.02 * 1361.0 / 299792458.0 * (AU_M / np.linalg.norm(sun - 7e6 * direction)) ** 2
    assert float(-lit[0] @ direction[0]) == pytest.approx(want, rel=1e-9)
    behind = -7e6 * direction
    assert of(bright, behind) == pytest.approx(of(dark, behind), abs=0.0)


def test_drag_is_against_the_air_that_turns() -> None:
    air = Exponential(1e-12, 0.0, 1e9)
    model = only(drag=Drag(0.02, air))
    got = of(model) - of(only())
    pole = model.at(NOW, ZERO).turn[0, 2]
    through = V[0] - np.cross(7.292115e-5 * pole, R[0])
    want = -0.5 * 0.02 * 1e-12 * np.linalg.norm(through) * through
    _, _, height = earth.geodetic(R, 6378137.0, 1.0 / 298.257223563)
    # The rest of the pull is 6e12 times as large: its rounding shows.
    assert got[0] == pytest.approx(want * np.exp(-float(height[0]) / 1e9), rel=1e-6, abs=4e-15)


def test_index_changes_end_the_arcs_of_a_drag_orbit() -> None:
    model, plain = only(drag=Drag(0.01)), only()
    assert plain.next_break(NOW, 0.0, 1e6) == 1e6
    assert model.next_break(NOW, 0.0, 1e6) == pytest.approx(10800.0)
    assert model.next_break(NOW, 10800.0, 1e6) == pytest.approx(21600.0)
    assert model.next_break(NOW, 100.0, 200.0) == 200.0
    assert model.next_break(NOW, 100.0, -1e6) == pytest.approx(0.0, abs=1e-6)
    assert model.next_break(NOW, 0.0, -1e6) == pytest.approx(-10800.0)


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(InputError, match="needs the Sun"):
        ForceModel(sun=None, radiation=Radiation(0.01))
    for value in (0.0, -1.0, np.nan, np.inf):
        with pytest.raises(InputError, match="above zero"):
            Drag(value, Exponential(1.0, 0.0, 1.0))
        with pytest.raises(InputError, match="above zero"):
            Radiation(value)


SUN = np.array([[AU_M, 0.0, 0.0]])


def seen(x: float, y: float) -> float:
    return float(sunlit_fraction(np.array([[x, y, 0.0]]), SUN)[0])


def test_the_shadow_is_a_cone() -> None:
    assert seen(7e6, 0.0) == 1.0
    assert seen(-7e6, 0.0) == 0.0
    assert seen(-7e6, 6.2e6) == 0.0
    # Umbra closes 1.38 million km behind the Earth; beyond it a ring of the Sun is left.
    assert seen(-1.37e9, 0.0) == 0.0
    ring = seen(-2.0e9, 0.0)
    assert ring == pytest.approx(
        1.0 - (6378137.0 / 2.0e9 / (6.957e8 / (AU_M + 2.0e9))) ** 2, rel=1e-5
    )


def test_penumbra_grows_steadily_from_edge_to_edge() -> None:
    heights = np.linspace(6.30e6, 6.45e6, 4001)
    r = np.stack([np.full_like(heights, -7e6), heights, np.zeros_like(heights)], axis=1)
    sun = np.broadcast_to(SUN, r.shape)
    fraction, (outer, inner) = sunlit_fraction(r, sun), shadow_margins(r, sun)
    assert fraction[0] == 0.0
    assert fraction[-1] == 1.0
    assert np.all(np.diff(fraction) >= -1e-9)
    partial = (fraction > 0.0) & (fraction < 1.0)
    assert np.array_equal(partial, (outer < 0.0) & (inner > 0.0))
    # Half the disc where its centre touches the limb, nearly: the limb is almost straight.
    middle = int(np.argmin(np.abs(outer + inner)))
    assert fraction[middle] == pytest.approx(0.5, abs=0.01)
