from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from cosmodrome.errors import ShapeError
from cosmodrome.flight.fall import Bodies, Landing, WindProfiles, fall
from cosmodrome.flight.fall_air import exact_air, quick_air
from cosmodrome.flight.fall_quick import height_law, quick_rates
from cosmodrome.flight.falling import falling_acceleration
from cosmodrome.flight.forces import wind_law
from cosmodrome.world import earth, maths
from cosmodrome.world.environment import Atmosphere, Environment, Wind
from cosmodrome.world.spline import natural_cubic

EARTH = Environment()
SURFACE_M = 1e-3  # to which `fall` finds the surface
STEPS_M = 1.0  # of a fall at the default tolerance, as stated


def thrown(
    height_m: float = 60e3,
    speed_m_s: float = 2000.0,
    climb_deg: float = 30.0,
    heading_deg: float = 40.0,
    ballistic_kg_m2: float = 200.0,
    count: int = 1,
    turned_rad: float = 0.0,
) -> Bodies:
    """Bodies thrown from 50 N 100 E, the speed over the turning Earth."""
    latitude, longitude = np.radians(50.0), np.radians(100.0) + turned_rad
    a, f = EARTH.equatorial_radius_m, EARTH.flattening
    r = earth.site_position(latitude, longitude, height_m, a, f)
    east, north, up = earth.local_axes(latitude, longitude)
    climb, heading = np.radians(climb_deg), np.radians(heading_deg)
    level = np.sin(heading) * east + np.cos(heading) * north
    v = speed_m_s * (np.cos(climb) * level + np.sin(climb) * up)
    v = v + np.cross([0.0, 0.0, EARTH.rotation_rad_s], r)
    one = np.ones(count)
    return Bodies(
        np.tile(r, (count, 1)), np.tile(v, (count, 1)), turned_rad * one, one / ballistic_kg_m2
    )


def joined(each: Sequence[Bodies]) -> Bodies:
    names = ("r_m", "v_m_s", "turned_rad", "brake_m2_kg")
    return Bodies(*(np.concatenate([getattr(one, name) for one in each]) for name in names))


def apart_m(first: Landing, second: Landing) -> float:
    radius = EARTH.equatorial_radius_m
    return float(
        np.max(
            earth.great_circle_distance(
                first.latitude_rad,
                first.longitude_rad,
                second.latitude_rad,
                second.longitude_rad,
                radius,
            )
        )
    )


def test_it_comes_down_on_the_ellipsoid() -> None:
    landing = fall(thrown(), EARTH)
    assert landing.down.all()
    assert np.abs(landing.altitude_m).max() < SURFACE_M
    assert 0.0 < np.degrees(landing.longitude_rad[0] - np.radians(100.0)) < 5.0


def test_the_default_tolerance_is_worth_a_metre() -> None:
    """Stages and light parts, from low and slow to nearly in orbit, in one go."""
    cases = [
        (45e3, 1500.0, 35.0, 10.0),
        (45e3, 1500.0, 35.0, 300.0),
        (130e3, 2700.0, 17.0, 200.0),
        (160e3, 4500.0, 6.0, 5000.0),
        (180e3, 7000.0, 1.0, 200.0),
        (180e3, 7000.0, 1.0, 30.0),
    ]
    each = [thrown(h, v, climb, ballistic_kg_m2=beta) for h, v, climb, beta in cases]
    bodies = joined(each)
    assert apart_m(fall(bodies, EARTH), fall(bodies, EARTH, tolerance_m=1e-5)) < STEPS_M


def test_a_sample_falls_the_same_in_any_company() -> None:
    """Bit for bit: its steps are its own, and nothing is summed over samples."""
    rng = np.random.default_rng(5)
    many = thrown(count=65)
    many = replace(
        many,
        v_m_s=many.v_m_s + rng.normal(0.0, 30.0, many.v_m_s.shape),
        brake_m2_kg=many.brake_m2_kg * np.exp(rng.normal(0.0, 0.5, len(many))),
    )
    winds = WindProfiles(
        np.array([0.0, 1e4, 5e4]), rng.normal(0, 20, (65, 3)), rng.normal(0, 20, (65, 3))
    )
    together = fall(many, EARTH, winds=winds)
    for k in (0, 31, 64):
        one = slice(k, k + 1)
        alone = fall(
            Bodies(many.r_m[one], many.v_m_s[one], many.turned_rad[one], many.brake_m2_kg[one]),
            EARTH,
            winds=WindProfiles(winds.altitude_m, winds.east_m_s[one], winds.north_m_s[one]),
        )
        for name in ("t_s", "latitude_rad", "longitude_rad", "altitude_m", "r_m", "v_m_s"):
            assert np.array_equal(getattr(together, name)[one], getattr(alone, name)), name


def test_the_axes_may_stand_anyhow() -> None:
    """Turning the inertial axes with the Earth under them changes nothing on the ground."""
    # Steps are chosen by rounded errors: what is left is the steps' own error.
    assert apart_m(fall(thrown(), EARTH), fall(thrown(turned_rad=2.5), EARTH)) < STEPS_M


def test_going_on_from_halfway_is_the_same_fall() -> None:
    bodies = thrown()
    whole = fall(bodies, EARTH)
    half = fall(bodies, EARTH, down_to_m=40e3)
    assert half.altitude_m[0] == pytest.approx(40e3, abs=SURFACE_M)
    turned = bodies.turned_rad + EARTH.rotation_rad_s * half.t_s
    rest = fall(Bodies(half.r_m, half.v_m_s, turned, bodies.brake_m2_kg), EARTH)
    assert apart_m(whole, rest) < STEPS_M
    assert float((half.t_s + rest.t_s - whole.t_s)[0]) == pytest.approx(0.0, abs=0.02)


def test_a_surface_it_never_gets_above_is_not_stopped_at() -> None:
    landing = fall(thrown(height_m=20e3, climb_deg=-10.0), EARTH, down_to_m=60e3)
    assert landing.down[0]
    assert abs(landing.altitude_m[0]) < SURFACE_M


def test_a_surface_passed_on_the_way_up_is_stopped_at_on_the_way_down() -> None:
    landing = fall(thrown(height_m=20e3, climb_deg=60.0, ballistic_kg_m2=1e4), EARTH, down_to_m=6e4)
    assert landing.altitude_m[0] == pytest.approx(60e3, abs=SURFACE_M)
    assert float(landing.r_m[0] @ landing.v_m_s[0]) < 0.0


def test_what_stays_up_is_said_to_be_up() -> None:
    landing = fall(thrown(300e3, 7500.0, 0.0, 90.0), EARTH, longest_s=3000.0)
    assert not landing.down[0]
    assert landing.t_s[0] == pytest.approx(3000.0)
    assert landing.altitude_m[0] > 100e3


def test_what_lies_on_the_ground_stays_there() -> None:
    landing = fall(thrown(height_m=-5.0), EARTH)
    assert landing.down[0]
    assert landing.t_s[0] == 0.0


def test_what_is_not_a_number_never_lands() -> None:
    bodies = thrown(count=2)
    broken = replace(bodies, r_m=np.array([bodies.r_m[0], [np.nan] * 3]))
    landing = fall(broken, EARTH)
    assert landing.down.tolist() == [True, False]


def test_denser_air_shortens_the_way() -> None:
    light, heavy = thrown(ballistic_kg_m2=50.0), thrown(ballistic_kg_m2=2000.0)
    start = replace(fall(thrown(), EARTH), latitude_rad=np.radians([50.0]))
    start = replace(start, longitude_rad=np.radians([100.0]))
    ways = [apart_m(fall(bodies, EARTH), start) for bodies in (light, heavy)]
    assert ways[0] < 0.9 * ways[1]


def test_wind_carries_along() -> None:
    """A slow light body drifts with the wind for about as long as it falls."""
    bodies = thrown(height_m=12e3, speed_m_s=1.0, climb_deg=0.0, ballistic_kg_m2=20.0)
    still = fall(bodies, EARTH)
    blown = fall(
        bodies,
        EARTH,
        winds=WindProfiles(np.array([0.0, 2e4]), np.full((1, 2), 30.0), np.zeros((1, 2))),
    )
    drift = apart_m(still, blown)
    assert drift == pytest.approx(30.0 * float(still.t_s[0]), rel=0.02)
    assert blown.longitude_rad[0] > still.longitude_rad[0]


def test_the_environments_wind_blows_too() -> None:
    table = ((0.0, 10.0, -20.0), (1e4, 10.0, -20.0), (2e4, 10.0, -20.0))
    windy = replace(EARTH, wind=Wind(table))
    bodies = thrown(height_m=15e3, speed_m_s=100.0, ballistic_kg_m2=50.0)
    profiles = WindProfiles(np.array([0.0, 2e4]), np.full((1, 2), 10.0), np.full((1, 2), -20.0))
    assert apart_m(fall(bodies, windy), fall(bodies, EARTH, winds=profiles)) < 1.0


def test_drag_may_follow_mach() -> None:
    bodies = thrown()
    twice = replace(bodies, brake_m2_kg=2.0 * bodies.brake_m2_kg)
    doubled = fall(bodies, EARTH, drag=lambda mach: 2.0 + 0.0 * mach)
    assert apart_m(doubled, fall(twice, EARTH)) < 1e-3
    faster = fall(bodies, EARTH, drag=lambda mach: np.where(mach > 1.0, 1.3, 1.0))
    assert apart_m(faster, fall(bodies, EARTH)) > 100.0


def test_whatever_is_thrown_comes_down() -> None:
    rng = np.random.default_rng(3)
    each = [
        thrown(*draw)
        for draw in zip(
            rng.uniform(5e3, 300e3, 200),
            rng.uniform(0.0, 6500.0, 200),
            rng.uniform(-80.0, 89.0, 200),
            rng.uniform(0.0, 360.0, 200),
            strict=True,
        )
    ]
    bodies = joined(each)
    landing = fall(bodies, EARTH)
    assert landing.down.all()
    assert np.abs(landing.altitude_m).max() < SURFACE_M


@pytest.mark.parametrize(
    "atmosphere",
    [Atmosphere(), Atmosphere("exponential", 1.225, 7200.0), Atmosphere("none")],
    ids=lambda one: one.kind,
)
def test_quick_air_is_the_exact_air(atmosphere: Atmosphere) -> None:
    exact, quick = exact_air(atmosphere), quick_air(atmosphere)
    for low, high, within in ((-4.9e3, 150e3, 3e-4), (150e3, 999e3, 1e-3)):
        heights = np.linspace(low, high, 20011)
        for wanted, found in zip(exact(heights), quick(heights), strict=True):
            assert np.max(np.abs(found - wanted) - within * np.abs(wanted)) <= 0.0


def test_quick_air_is_finite_anywhere() -> None:
    density, sound = quick_air(Atmosphere())(np.array([-1e6, -5e3, 1e6, 1e9]))
    assert np.all(np.isfinite(density))
    assert np.all(sound > 200.0)


@pytest.mark.parametrize("zonals", [EARTH.zonals, (), EARTH.zonals[:1]])
def test_the_quick_rates_are_the_equations_written_once(zonals: tuple[float, ...]) -> None:
    rng = np.random.default_rng(11)
    world = replace(EARTH, zonals=zonals)
    air = quick_air(world.atmosphere)
    r = rng.normal(size=(400, 3))
    r *= (rng.uniform(6.38e6, 6.6e6, 400) / np.linalg.norm(r, axis=1))[:, None]
    v, brake = rng.normal(0.0, 2e3, (400, 3)), rng.uniform(1e-3, 0.1, 400)
    states = np.concatenate([r.T, v.T])
    mach = lambda m: 1.0 + 0.1 * m  # noqa: E731
    table = ((0.0, 20.0, -5.0), (9e3, 60.0, 10.0), (3e4, 5.0, 0.0))
    east, north = (natural_cubic(tuple((row[0], row[k]) for row in table)) for k in (1, 2))
    for blow, wind in (
        (None, None),
        (lambda h, _who: (east(h), north(h)), wind_law(replace(world, wind=Wind(table)))),
    ):
        quick = quick_rates(world, air, mach, blow)(states, brake, None)
        once = falling_acceleration(r, v, brake, world, air, mach, wind)
        assert np.array_equal(quick[:3].T, v)
        assert np.max(np.abs(quick[3:].T - once)) < 1e-11 * np.max(np.abs(once))
    assert height_law(world)(states) == pytest.approx(
        earth.geodetic_altitude(r, world.equatorial_radius_m, world.flattening), abs=1e-7
    )


def test_the_equations_take_symbols() -> None:
    """A falling part can be a branch of an optimal control problem."""
    air = exact_air(EARTH.atmosphere)

    def law(r: object, v: object, brake: object) -> object:
        return falling_acceleration(r, v, brake, EARTH, air)

    r, v = np.array([6.4e6, 1e5, 2e5]), np.array([100.0, 2e3, -500.0])
    traced = maths.traced(law, (3, 3, 1))
    found = np.array(traced(r, v, 0.005)).ravel()
    assert found == pytest.approx(np.asarray(law(r, v, 0.005)), rel=1e-12)


def test_shapes_are_named() -> None:
    good = thrown(count=2)
    with pytest.raises(ShapeError, match="brake_m2_kg"):
        replace(good, brake_m2_kg=np.ones(3))
    with pytest.raises(ShapeError, match="r_m"):
        replace(good, r_m=np.ones((2, 2)))
    with pytest.raises(ShapeError, match="rise"):
        WindProfiles(np.array([1.0, 0.0]), np.zeros((1, 2)), np.zeros((1, 2)))
    with pytest.raises(ShapeError, match="winds for"):
        fall(good, EARTH, winds=WindProfiles(np.arange(2.0), np.zeros((1, 2)), np.zeros((1, 2))))
