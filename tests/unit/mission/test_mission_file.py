"""Missions written by hand, and resolved ones that read back as they were."""

from __future__ import annotations

import dataclasses
import math
import tomllib
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmodrome.errors import InputError
from cosmodrome.mission.catalogue import load_site, load_vehicle, vehicle_names
from cosmodrome.mission.mission_file import (
    DEFAULT_EPOCH_UTC,
    load_mission,
    make_mission,
    mission_toml,
    read_mission,
)
from cosmodrome.mission.nouns import Atmosphere, Environment, Limits, Mission, Wind
from cosmodrome.mission.orbit_text import parse_orbit

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"

PLAIN: dict[str, Any] = {
    "mission": {"vehicle": "angara-1.2", "site": "vostochny", "orbit": "200 km 51.7 deg"}
}


def with_(**tables: Any) -> dict[str, Any]:
    """The plain mission with keys of [mission] changed, or further tables."""
    head = {**PLAIN["mission"], **tables.pop("mission", {})}
    return {"mission": {k: v for k, v in head.items() if v is not None}, **tables}


def back(mission: Mission, folder: Path) -> Mission:
    path = folder / "mission.toml"
    path.write_text(mission_toml(mission), encoding="utf-8")
    return load_mission(path)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda p: p.name)
def test_examples_load_and_come_back(path: Path, tmp_path: Path) -> None:
    mission = load_mission(path)
    assert back(mission, tmp_path) == mission


def test_the_examples_are_there() -> None:
    names = {path.name for path in EXAMPLES.glob("*.toml")}
    assert {
        "delta3.toml",
        "delta3-sso.toml",
        "angara-vostochny.toml",
        "own-vehicle.toml",
    } <= names


@pytest.mark.parametrize("name", vehicle_names())
def test_every_vehicle_comes_back(name: str, tmp_path: Path) -> None:
    sheet = load_vehicle(name)
    mission = make_mission(sheet, load_site(sheet.pads[0]), parse_orbit("sso 500 km ltan 10:30"))
    assert back(mission, tmp_path) == mission


def test_the_benchmark_is_the_literature_one() -> None:
    mission = load_mission(EXAMPLES / "delta3.toml")
    earth, vehicle, target = mission.environment, mission.vehicle, mission.target
    assert earth == Environment(
        mu_m3_s2=3.986012e14,
        equatorial_radius_m=6378145.0,
        flattening=0.0,
        rotation_rad_s=7.29211585e-5,
        zonals=(),
        gravity_radius_m=6378145.0,
        g0_m_s2=9.80665,
        atmosphere=Atmosphere("exponential", 1.225, 7200.0),
    )
    assert mission.limits == Limits(vertical_rise_s=0.0)
    assert mission.payload_kg == 4164.0
    assert mission.inertial_angle_rad == 0.0
    first, second = vehicle.stages
    assert vehicle.fairing is None
    assert (first.dry_kg, first.usable_kg, first.residual_kg) == (8830.0, 95550.0, 0.0)
    assert (second.dry_kg, second.usable_kg, second.residual_kg) == (2480.0, 16820.0, 0.0)
    for stage, thrust_n, burn_s in ((first, 1083100.0, 261.0), (second, 110094.0, 700.0)):
        assert stage.motor is not None
        assert stage.motor.thrust_vac_n == thrust_n
        assert stage.motor.exit_area_m2 == 0.0
        flow = thrust_n / (stage.motor.isp_vac_s * 9.80665)
        assert stage.usable_kg / flow == pytest.approx(burn_s, rel=1e-14)
        assert (stage.ignition_s, stage.separation_s) == (0.0, 0.0)
    assert [(group.count, group.unit.ignition_s) for group in vehicle.boosters] == [
        (6, 0.0),
        (3, 75.2),
    ]
    for group in vehicle.boosters:
        motor = group.unit.motor
        assert motor is not None
        assert group.unit.dry_kg == 2280.0
        assert motor.thrust_vac_n == pytest.approx(628500.0, rel=1e-14)
        flow = motor.thrust_vac_n / (motor.isp_vac_s * 9.80665)
        assert 17010.0 / flow == pytest.approx(75.2, rel=1e-14)
        assert motor.shape == ()
    assert vehicle.aerodynamics.area_m2 == 4.0 * math.pi
    assert vehicle.aerodynamics.drag_table == ((0.0, 0.5),)
    assert target.apogee_radius_m is not None
    assert 0.5 * (target.perigee_radius_m + target.apogee_radius_m) == pytest.approx(
        24361140.0, abs=1e-6
    )
    assert target.perigee_radius_m == pytest.approx(24361140.0 * (1 - 0.7308), abs=1e-6)
    assert target.raan_rad == pytest.approx(math.radians(269.8), abs=1e-14)
    assert target.argp_rad == pytest.approx((math.radians(130.5),), abs=1e-14)
    loaded = sum(s.dry_kg + s.usable_kg for s in vehicle.stages) + 9 * 19290.0
    assert loaded == 104380.0 + 19300.0 + 9 * 19290.0


def test_the_sun_synchronous_benchmark_differs_in_place_and_target_alone() -> None:
    plain = load_mission(EXAMPLES / "delta3.toml")
    other = load_mission(EXAMPLES / "delta3-sso.toml")
    assert other.vehicle == plain.vehicle
    assert other.environment == plain.environment
    assert other.site.latitude_rad == pytest.approx(math.radians(34.7))
    assert other.target.kind == "circular"
    assert other.target.perigee_radius_m == 6878145.0
    assert other.target.inclination_rad == pytest.approx(math.radians(97.4))
    assert other.target.raan_rad is None


def test_a_plain_mission_takes_defaults() -> None:
    mission = read_mission(PLAIN, "m.toml")
    sheet = load_vehicle("angara-1.2")
    assert mission.vehicle == sheet.vehicle()
    assert mission.site == load_site("vostochny/site-1a").site()
    assert mission.epoch_utc == DEFAULT_EPOCH_UTC
    assert mission.limits == sheet.limits(mission.site)
    assert mission.environment == Environment()
    assert mission.payload_kg is None
    assert mission.inertial_angle_rad is None


def test_riders_and_pads_can_be_chosen() -> None:
    mission = read_mission(with_(mission={"riders": "none", "site": "vostochny/site-1s"}), "m.toml")
    assert mission.vehicle.rider_kg == 0.0
    assert mission.site.pad == "site-1s"


def test_limits_can_be_set_and_switched_off() -> None:
    plain = read_mission(PLAIN, "m.toml").limits
    limits = {
        "dynamic_pressure_pa": 40e3,
        "acceleration_m_s2": "off",
        "azimuths_deg": "off",
        "coast_perigee_km": 150,
    }
    some = read_mission(with_(limits=limits), "m.toml").limits
    assert some.dynamic_pressure_pa == 40e3
    assert some.acceleration_m_s2 is None
    assert some.azimuths_rad == ()
    assert some.coast_perigee_radius_m == 6378137.0 + 150e3
    assert some.q_alpha_pa_rad == plain.q_alpha_pa_rad
    none = read_mission(with_(limits={"all": "off", "q_alpha_pa_deg": 5000}), "m.toml").limits
    assert none == Limits(q_alpha_pa_rad=5000 * math.pi / 180.0, vertical_rise_s=10.0)
    corridor = {"azimuths_deg": [[350, 20], [170, 190]]}
    pairs = read_mission(with_(limits=corridor), "m.toml").limits.azimuths_rad
    assert pairs[1] == (math.radians(170), math.radians(190))


def test_an_own_earth_changes_what_heights_are_counted_from() -> None:
    mission = read_mission(with_(environment={"equatorial_radius_m": 6371000.0}), "m.toml")
    assert mission.target.perigee_radius_m == 6571000.0
    assert mission.limits.coast_perigee_radius_m == 6371000.0 + 160e3
    assert mission.environment.mu_m3_s2 == Environment().mu_m3_s2


def test_paths_are_counted_from_the_mission_file(tmp_path: Path) -> None:
    vehicle = {
        "source": "our own study",
        "stages": {
            "only": {
                "propellant_kg": 9000,
                "dry_kg": 500,
                "thrust_vac_n": 2e5,
                "isp_vac_s": 300,
                "diameter_m": 1,
            }
        },
    }
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "wren.toml").write_text(tomli_w.dumps(vehicle), encoding="utf-8")
    path = tmp_path / "mission.toml"
    table = with_(mission={"vehicle": "parts/wren.toml"})
    path.write_text(tomli_w.dumps(table), encoding="utf-8")
    assert load_mission(path).vehicle.name == "wren"


@pytest.mark.parametrize(
    ("table", "key"),
    [
        (with_(mission={"vehicle": "angara-1.3"}), "mission.vehicle"),
        (with_(mission={"vehicle": None}), "mission.vehicle"),
        (with_(mission={"vehicle": 5}), "mission.vehicle"),
        (with_(mission={"riders": "some"}), "mission.riders"),
        (with_(mission={"site": "vostochni"}), "mission.site"),
        (with_(mission={"orbit": "200 leagues"}), "mission.orbit"),
        (with_(mission={"orbit": 200}), "mission.orbit"),
        (with_(mission={"payload_kg": -1}), "mission.payload_kg"),
        (with_(mission={"payload_kg": math.nan}), "mission.payload_kg"),
        (with_(mission={"payload": 100}), "mission.payload"),
        (with_(mission={"name": 3}), "mission.name"),
        (with_(mission={"epoch_utc": "2027-13-01T00:00:00Z"}), "mission.epoch_utc"),
        (with_(mission={"epoch_utc": "2027-03-20 12:00"}), "mission.epoch_utc"),
        (with_(mission={"inertial_angle_deg": math.inf}), "mission.inertial_angle_deg"),
        (with_(target={"altitude_km": 200}), "mission.orbit"),
        (with_(vehicle={}), "mission.vehicle"),
        (with_(weather={}), "weather"),
        (with_(form="resolvd"), "form"),
        (with_(limits={"q_alpha": 3}), "limits.q_alpha"),
        (with_(limits={"all": "on"}), "limits.all"),
        (with_(limits={"dynamic_pressure_pa": 0}), "limits.dynamic_pressure_pa"),
        (with_(limits={"vertical_rise_s": -1}), "limits.vertical_rise_s"),
        (with_(limits={"azimuths_deg": [1, 2]}), "limits.azimuths_deg"),
        (with_(environment={"mu": 1}), "environment.mu"),
        (with_(environment={"mu_m3_s2": -1.0}), "environment.mu_m3_s2"),
        (with_(environment={"flattening": 1.0}), "environment.flattening"),
        (with_(environment={"rotation_rad_s": math.nan}), "environment.rotation_rad_s"),
        (with_(environment={"atmosphere": {"kind": "jovian"}}), "environment.atmosphere.kind"),
        (
            with_(mission={"orbit": None}, target={"altitude_km": -5, "inclination_deg": 50}),
            "target.altitude_km",
        ),
        (
            with_(mission={"orbit": None}, target={"semi_major_axis_m": 7e6}),
            "target.eccentricity",
        ),
        (
            with_(
                mission={"orbit": None},
                target={"semi_major_axis_m": 7e6, "eccentricity": 0.0, "perigee_km": 200},
            ),
            "target.perigee_km",
        ),
    ],
)
def test_a_wrong_mission_names_its_key(table: dict[str, Any], key: str) -> None:
    with pytest.raises(InputError) as caught:
        read_mission(table, "m.toml")
    assert caught.value.key == key
    assert caught.value.file == "m.toml"


def test_epochs_of_every_spelling(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    for written, expected in (
        ("2028-01-02T05:04:05+02:00", "2028-01-02T03:04:05Z"),
        ('"2016-12-31T23:59:60Z"', "2016-12-31T23:59:60Z"),
        ('"2028-01-02T03:04:05.250Z"', "2028-01-02T03:04:05.250Z"),
    ):
        text = tomli_w.dumps(PLAIN) + f"epoch_utc = {written}\n"
        path.write_text(text, encoding="utf-8")
        assert load_mission(path).epoch_utc == expected


def test_a_resolved_file_is_complete_or_refused(tmp_path: Path) -> None:
    text = mission_toml(read_mission(PLAIN, "m.toml"))
    path = tmp_path / "mission.toml"
    for old, new, key in (
        ("isp_vac_s = 337.5", "isp_vac_z = 337.5", "vehicle.stages.0.motor.isp_vac_z"),
        ("isp_vac_s = 337.5\n", "", "vehicle.stages.0.motor.isp_vac_s"),
        ("isp_vac_s = 337.5", "isp_vac_s = nan", "vehicle.stages.0.motor.isp_vac_s"),
        ("isp_vac_s = 337.5", 'isp_vac_s = "x"', "vehicle.stages.0.motor.isp_vac_s"),
    ):
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(InputError) as caught:
            load_mission(path)
        assert caught.value.key == key


finite = st.floats(1e-3, 1e9)


@settings(max_examples=40)
@given(
    st.none() | finite,
    st.none() | finite,
    st.none() | st.floats(-10, 10),
    st.lists(st.tuples(finite, st.floats(-99, 99), st.floats(-99, 99)), max_size=3),
)
def test_any_numbers_come_back_bit_by_bit(
    payload_kg: float | None,
    pressure_pa: float | None,
    angle_rad: float | None,
    wind: list[tuple[float, float, float]],
) -> None:
    plain = read_mission(PLAIN, "m.toml")
    mission = dataclasses.replace(
        plain,
        payload_kg=payload_kg,
        inertial_angle_rad=angle_rad,
        limits=dataclasses.replace(plain.limits, dynamic_pressure_pa=pressure_pa),
        environment=dataclasses.replace(plain.environment, wind=Wind(tuple(wind))),
    )
    assert read_mission(tomllib.loads(mission_toml(mission)), "m.toml") == mission
