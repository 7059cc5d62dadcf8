from __future__ import annotations

from dataclasses import replace
from math import degrees, radians
from typing import Any

import numpy as np
import pytest

from cosmodrome.campaign.dropped import dropped_parts, known_sheet
from cosmodrome.mission.catalogue import load_site, load_vehicle
from cosmodrome.mission.mission_file import make_mission
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.mission.plan import Leg
from cosmodrome.verify.fly import Flight, Flown
from cosmodrome.world import earth

UTC = "2027-03-20T12:00:00Z"
MERIDIAN = 1.25


def mission(vehicle: str, site: str = "vostochny") -> Mission:
    return make_mission(load_vehicle(vehicle), load_site(site), parse_orbit("sso 500 km"))


def state(one: Mission, t_s: float, height_m: float, speed_m_s: float, climb_deg: float) -> Any:
    """Over the pad, northward over the ground, inertial at lift-off."""
    world, site = one.environment, one.site
    angle = MERIDIAN + world.rotation_rad_s * t_s
    a, f = world.equatorial_radius_m, world.flattening
    r = earth.site_position(site.latitude_rad, angle, height_m, a, f)
    _, north, up = earth.local_axes(site.latitude_rad, angle)
    v = speed_m_s * (np.cos(radians(climb_deg)) * north + np.sin(radians(climb_deg)) * up)
    return np.concatenate([r, v + np.cross([0.0, 0.0, world.rotation_rad_s], r), [5e4]])


def leg(t_s: float, y: Any, events: tuple[str, ...], dropped_kg: float) -> Flown:
    plain = Leg("coast", t_s, t_s + 1.0, (), "coast", None, events, dropped_kg, "time")
    two, one = np.array([t_s, t_s + 1.0]), np.ones(2)
    return Flown(plain, two, np.array([y, y]), np.zeros((2, 3)), one, one, one, one, ())


def flight(one: Mission, *legs: tuple[float, Any, tuple[str, ...], float]) -> Flight:
    start = leg(0.0, state(one, 0.0, 0.0, 0.0, 90.0), (), 0.0)
    return Flight((start, *(leg(*each) for each in legs)), MERIDIAN)


def angara() -> tuple[Mission, Flight, float]:
    one = mission("angara-1.2")
    shell = one.vehicle.stages[0].dry_kg + one.vehicle.stages[0].residual_kg
    fairing = one.vehicle.fairing
    assert fairing is not None
    return (
        one,
        flight(
            one,
            (212.6, state(one, 212.6, 132e3, 2700.0, 20.0), ("URM-1 separation",), shell),
            (
                215.6,
                state(one, 215.6, 137e3, 2709.0, 20.0),
                ("fairing jettison",),
                fairing.mass_kg,
            ),
            (517.0, state(one, 517.0, 500e3, 7640.0, 0.0), (), 0.0),
        ),
        shell,
    )


def test_each_part_is_told_with_its_mass_and_place() -> None:
    one, flown, shell = angara()
    found = dropped_parts(one, flown, UTC, load_vehicle("angara-1.2"))
    stage, fairing = found.parts
    assert (stage.name, stage.kind, stage.count) == ("URM-1", "stage", 1)
    assert stage.mass_kg == pytest.approx(shell)
    assert (fairing.kind, fairing.count) == ("fairing", 2)
    assert fairing.mass_kg == pytest.approx(0.5 * one.vehicle.fairing.mass_kg)  # type: ignore[union-attr]
    assert str(stage.state.epoch).startswith("2027-03-20T12:03:32.6")
    a, f = one.environment.equatorial_radius_m, one.environment.flattening
    latitude, longitude, altitude = earth.geodetic(stage.state.r_m, a, f)
    # Over the pad by construction: the Earth has turned under it since lift-off.
    assert float(latitude) == pytest.approx(one.site.latitude_rad, abs=1e-10)
    assert float(longitude) == pytest.approx(one.site.longitude_rad, abs=1e-10)
    assert float(altitude) == pytest.approx(132e3, abs=1e-3)
    assert float(np.linalg.norm(stage.state.v_m_s)) == pytest.approx(2700.0, abs=1e-6)


def test_sizes_come_from_the_sheet_or_are_said_to_be_guessed() -> None:
    one, flown, _ = angara()
    known = dropped_parts(one, flown, UTC, load_vehicle("angara-1.2")).parts
    assert "2.90 x 25.7 m" in known[0].ballistic.told
    guessed = dropped_parts(one, flown, UTC).parts
    assert "guessed" in guessed[0].ballistic.told
    assert guessed[0].ballistic.kg_m2 == pytest.approx(known[0].ballistic.kg_m2, rel=0.6)


def test_a_vehicle_of_ones_own_has_no_sheet() -> None:
    one, _, _ = angara()
    own = replace(one, vehicle=replace(one.vehicle, name="my own rocket"))
    assert known_sheet(own) is None
    sheet = known_sheet(one)
    assert sheet is not None
    assert sheet.name == "angara-1.2"


def test_the_last_stage_is_in_orbit_not_dropped() -> None:
    one, flown, _ = angara()
    kept = dropped_parts(one, flown, UTC).kept_up
    assert [each.name for each in kept] == ["URM-2"]
    assert "lifetime" in kept[0].told


def test_a_stage_let_go_in_orbit_is_not_dropped_either() -> None:
    one = mission("angara-1.2")
    orbiting = state(one, 500.0, 300e3, 7700.0, 0.0)
    flown = flight(one, (500.0, orbiting, ("URM-1 separation",), 9000.0))
    found = dropped_parts(one, flown, UTC)
    assert not found.parts
    assert [each.name for each in found.kept_up] == ["URM-1", "URM-2"]


def test_strap_ons_fall_group_by_group() -> None:
    one = mission("soyuz-2.1b")
    (group,) = one.vehicle.boosters
    shell = group.count * (group.unit.dry_kg + group.unit.residual_kg)
    where = state(one, 120.0, 45e3, 1500.0, 35.0)
    (part,) = dropped_parts(
        one, flight(one, (120.0, where, (f"{group.name} separation",), shell)), UTC
    ).parts
    assert (part.kind, part.count, part.name) == ("strap-on", 4, group.name)
    assert part.count * part.mass_kg == pytest.approx(shell)


def test_two_things_at_once_share_what_is_dropped() -> None:
    one = mission("angara-1.2")
    assert one.vehicle.fairing is not None
    both = ("fairing jettison", "URM-1 separation")
    where = state(one, 200.0, 120e3, 2500.0, 20.0)
    parts = dropped_parts(one, flight(one, (200.0, where, both, 12_000.0)), UTC).parts
    masses = {part.kind: part.count * part.mass_kg for part in parts}
    assert masses["fairing"] == pytest.approx(one.vehicle.fairing.mass_kg)
    assert sum(masses.values()) == pytest.approx(12_000.0)


@pytest.mark.parametrize(("speed", "breaks"), [(2000.0, False), (4500.0, True)])
def test_a_fast_stage_breaks_up(speed: float, breaks: bool) -> None:
    one = mission("angara-1.2")
    where = state(one, 212.0, 130e3, speed, 10.0)
    (part,) = dropped_parts(
        one, flight(one, (212.0, where, ("URM-1 separation",), 11_000.0)), UTC
    ).parts
    assert (part.breakup is not None) is breaks


def test_propellant_kept_for_a_return_is_told() -> None:
    one = mission("angara-1.2")
    first = one.vehicle.stages[0]
    kept = replace(first, usable_kg=first.usable_kg - 2e4, residual_kg=first.residual_kg + 2e4)
    one = replace(one, vehicle=replace(one.vehicle, stages=(kept, *one.vehicle.stages[1:])))
    where = state(one, 190.0, 90e3, 2200.0, 25.0)
    found = dropped_parts(one, flight(one, (190.0, where, ("URM-1 separation",), 3.2e4)), UTC)
    assert any("a return under power is not followed" in note for note in found.notes)
    assert degrees(one.site.latitude_rad) > 50.0
