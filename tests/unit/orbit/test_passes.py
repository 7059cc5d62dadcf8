"""Passes against a grid that looks every second, over low, middle and high orbits."""

import math

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.orbit.motion import Motion, Sgp4, Tabulated, TwoBody
from cosmodrome.orbit.passes import Passes, find_passes, look
from cosmodrome.orbit.sight import fleet
from cosmodrome.orbit.stations import Station
from cosmodrome.world.earth import local_axes
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.state import State, Trajectory

START = Epoch.parse("2026-03-01T00:00:00Z")
DAY = 86400.0
MU = 3.986004418e14


def orbit(rng: np.random.Generator) -> Sgp4:
    """A low, middle or long orbit, drawn."""
    kind = rng.random()
    perigee, e = 6378137.0 + rng.uniform(350e3, 1500e3), rng.uniform(0.0, 0.02)
    if kind > 0.9:
        e = rng.uniform(0.3, 0.75)
    elif kind > 0.8:
        perigee = rng.uniform(15e6, 42e6)
    motion = math.sqrt(MU / (perigee / (1.0 - e)) ** 3)
    return Sgp4(START, motion, e, math.acos(rng.uniform(-1.0, 1.0)), *rng.uniform(0.0, 6.28, 3))


RNG = np.random.default_rng(20260301)
FLEET: dict[str, Motion] = {f"s{k}": orbit(RNG) for k in range(16)}
PLACES = [
    Station(f"g{k}", math.asin(RNG.uniform(-1.0, 1.0)), RNG.uniform(-3.14, 3.14), 500.0)
    for k in range(4)
]


def stretches(seen: np.ndarray) -> list[tuple[int, int]]:
    edge = np.diff(np.concatenate(([0], seen.astype(int), [0])))
    return list(zip(np.flatnonzero(edge == 1), np.flatnonzero(edge == -1) - 1, strict=True))


@pytest.fixture(scope="module")
def each_second() -> np.ndarray:
    """Sine of elevation at every second of the day, shape (satellites, places, seconds)."""
    ships = fleet(tuple(FLEET.values()), START, DAY)
    t = np.arange(0.0, DAY + 1.0)
    sines = np.empty((len(FLEET), len(PLACES), t.size))
    for m in range(len(FLEET)):
        r, _ = ships.places(np.full(t.size, m), t)
        for s, place in enumerate(PLACES):
            d = r - place.position_m
            up = local_axes(place.latitude_rad, place.longitude_rad)[2]
            sines[m, s] = d @ up / np.linalg.norm(d, axis=1)
    return sines


@pytest.mark.parametrize("mask_deg", [0.0, 10.0, 60.0])
def test_none_is_missed_on_a_grid_of_seconds(mask_deg: float, each_second: np.ndarray) -> None:
    mask = math.radians(mask_deg)
    found = find_passes(FLEET, PLACES, START, DAY, min_elevation_rad=mask, sunlight=False)
    counted = 0
    for m in range(len(FLEET)):
        for s in range(len(PLACES)):
            sine = each_second[m, s]
            mine = (found.satellite == m) & (found.station == s)
            rise, fall = found.t_s[0][mine], found.t_s[2][mine]
            top = np.sin(found.look.elevation_rad[1][mine])
            listed = stretches(sine >= math.sin(mask))
            for first, last in listed:
                (k,) = np.flatnonzero((rise <= first + 1e-3) & (fall >= last - 1e-3))
                assert first - rise[k] < 1.001
                assert fall[k] - last < 1.001
                assert top[k] > sine[first : last + 1].max() - 1e-6
            # What is found beyond the grid is shorter than its step.
            assert np.sum(fall - rise > 1.0) <= len(listed)
            counted += len(listed)
    assert counted > 40


def inner(found: Passes) -> tuple[np.ndarray, np.ndarray]:
    return ~found.begins_cut, ~found.ends_cut


def test_contacts_lie_on_the_mask() -> None:
    mask = math.radians(5.0)
    found = find_passes(FLEET, PLACES, START, DAY, min_elevation_rad=mask, sunlight=False)
    begins, ends = inner(found)
    error = np.abs(found.look.elevation_rad[[0, 2]] - mask)
    # 10 ms of a satellite that rises by less than 0.05 deg a second.
    assert error[0][begins].max() < 1e-5
    assert error[1][ends].max() < 1e-5
    assert np.all(found.t_s[0] <= found.t_s[1])
    assert np.all(found.t_s[1] <= found.t_s[2])
    assert np.all(np.diff(found.t_s[0]) >= 0.0)


def test_range_rate_is_the_rate_of_range_and_doppler_its_sign() -> None:
    t = 3000.0 + np.array([-0.5, 0.0, 0.5])
    seen = look(FLEET["s0"], PLACES[0], START, t)
    rate = seen.range_m[2] - seen.range_m[0]
    assert seen.range_rate_m_s[1] == pytest.approx(rate, abs=0.01)
    assert seen.doppler_hz(400e6)[1] == pytest.approx(-rate / 299792458.0 * 400e6, abs=0.1)


def test_straight_above_the_pole() -> None:
    # ITRF table of a place held over the north pole, then moved to the meridian of 90 deg east.
    t = np.array([0.0, 60.0])
    r = np.array([[0.0, 0.0, 7.0e6], [0.0, 1.0e6, 7.0e6]])
    table = Tabulated(Trajectory(START, "ITRF", t, r, np.zeros((2, 3))))
    pole = Station("pole", math.pi / 2, 0.0)
    seen = look(table, pole, START, t)
    assert seen.elevation_rad[0] == pytest.approx(math.pi / 2, abs=1e-7)
    assert seen.range_m[0] == pytest.approx(7.0e6 - 6356752.314, abs=0.01)
    # At the pole, on the meridian of Greenwich, north is towards 180 deg.
    assert seen.azimuth_rad[1] == pytest.approx(math.pi / 2, abs=1e-9)


def test_a_geostationary_satellite_is_one_pass_cut_at_both_ends() -> None:
    r = np.array([4.2164e7, 0.0, 0.0])
    v = np.array([0.0, math.sqrt(MU / 4.2164e7), 0.0])
    fixed = TwoBody(State(START, "TOD", r, v))
    below = np.degrees(look(fixed, Station("x", 0.0, 0.0), START, np.zeros(1)).azimuth_rad)
    assert below.size == 1
    places = [Station(f"{k}", 0.0, math.radians(k)) for k in range(-180, 180, 30)]
    found = find_passes({"geo": fixed}, places, START, DAY, sunlight=False)
    # A cap of 81.3 deg on either side holds five or six of twelve places.
    assert len(found) in (5, 6)
    assert found.begins_cut.all()
    assert found.ends_cut.all()


def test_one_by_one_they_tell_the_same() -> None:
    found = find_passes(FLEET, PLACES[:1], START, DAY)
    assert found.sunlit is not None
    # A low orbit is in the sun most of the time, and not always.
    assert 0.5 < found.sunlit.mean() < 1.0
    for k, one in enumerate(found):
        assert one.rise.epoch - START == pytest.approx(found.t_s[0, k], abs=1e-6)
        assert one.duration_s == pytest.approx(found.t_s[2, k] - found.t_s[0, k], abs=1e-6)
        assert one.max_elevation_rad == found.look.elevation_rad[1, k]
        assert one.station == "g0"
        assert one.culmination.sunlit == found.sunlit[1, k]
    assert len(list(found)) == len(found)


def test_the_satellite_is_dark_over_midnight_and_lit_over_noon() -> None:
    # Circular, 500 km, above the equator: over the equinox's sub-solar meridian at t = 0.
    r, v = np.array([6878137.0, 0.0, 0.0]), np.array([0.0, math.sqrt(MU / 6878137.0), 0.0])
    spring = Epoch.parse("2027-03-20T20:25:00Z")
    low = TwoBody(State(spring, "TOD", r, v))
    seen = [Station(f"{k}", 0.0, math.radians(k)) for k in range(-180, 180, 10)]
    found = find_passes({"low": low}, seen, spring, 5600.0)
    assert found.sunlit is not None
    angle = math.sqrt(MU / 6878137.0**3) * found.t_s
    away = np.abs((angle + math.pi) % (2.0 * math.pi) - math.pi)
    limit = math.pi - math.asin(6378137.0 / 6878137.0)
    clear = np.abs(away - limit) > 0.01
    assert np.array_equal(found.sunlit[clear], (away < limit)[clear])


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"motions": {}}, "satellite"),
        ({"stations": []}, "station"),
        ({"duration_s": 0.0}, "days"),
        ({"duration_s": math.nan}, "days"),
        ({"min_elevation_rad": -0.1}, "min_elevation"),
        ({"min_elevation_rad": 1.57}, "min_elevation"),
    ],
)
def test_bad_questions_are_refused(change: dict, key: str) -> None:
    asked = {"motions": FLEET, "stations": PLACES, "start": START, "duration_s": DAY} | change
    with pytest.raises(InputError) as caught:
        find_passes(**asked)
    assert caught.value.key == key


def test_a_table_that_ends_is_said() -> None:
    t = np.array([0.0, 60.0, 120.0])
    r, v = FLEET["s0"].at(t)
    table = Tabulated(Trajectory(START, "TEME", t, r, v))
    with pytest.raises(InputError, match="known of the satellite") as caught:
        find_passes({"x": table}, PLACES, START, 600.0)
    assert caught.value.allowed == f"{START} to {START + 120.0}"
