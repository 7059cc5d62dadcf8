"""The main job on a real vehicle: what holds whatever the payload is."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from cosmodrome.campaign import PlanOptions, plan_mission
from cosmodrome.mission.catalogue import load_site, load_vehicle
from cosmodrome.mission.mission_file import make_mission
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.orbit_text import parse_orbit

SAME_OPTIMUM = 1e-3  # relative; two ways to one optimum differ by less


def asked(orbit: str = "200 km 51.7 deg") -> Mission:
    return make_mission(load_vehicle("angara-1.2"), load_site("vostochny"), parse_orbit(orbit))


@pytest.fixture(scope="module")
def answer() -> dict[str, Any]:
    return plan_mission(asked()).document


def test_the_answer_is_proved(answer: dict[str, Any]) -> None:
    assert answer["status"] == "optimal"
    json.dumps(answer, allow_nan=False)


def test_both_figures_stand_together(answer: dict[str, Any]) -> None:
    """With and without the module that rides along, never one alone."""
    first, second = answer["alternatives"]
    assert second["payload_kg"] - first["payload_kg"] == pytest.approx(1000.0)


def test_the_same_question_has_the_same_answer(answer: dict[str, Any]) -> None:
    again = plan_mission(asked()).document
    for key in ("payload_kg", "final_mass_kg", "t_final_s", "events", "achieved", "limits"):
        assert again[key] == answer[key]


def test_a_second_set_of_starts_agrees(answer: dict[str, Any]) -> None:
    other = plan_mission(asked(), PlanOptions(independent=True)).document
    assert other["payload_kg"] == pytest.approx(answer["payload_kg"], rel=SAME_OPTIMUM)


def test_a_finer_mesh_agrees(answer: dict[str, Any]) -> None:
    finer = plan_mission(asked(), PlanOptions(mesh_check=True)).document["finer_mesh"]
    assert finer["payload_kg"] == pytest.approx(answer["payload_kg"], rel=SAME_OPTIMUM)


def test_inert_mass_lowers_payload(answer: dict[str, Any]) -> None:
    mission = asked()
    upper = mission.vehicle.stages[1]
    heavier = replace(upper, dry_kg=upper.dry_kg + 100.0)
    vehicle = replace(mission.vehicle, stages=(mission.vehicle.stages[0], heavier))
    other = plan_mission(replace(mission, vehicle=vehicle)).document
    # On the last stage it trades kilogram for kilogram.
    assert other["payload_kg"] == pytest.approx(answer["payload_kg"] - 100.0, abs=0.5)


def test_altitude_lowers_payload(answer: dict[str, Any]) -> None:
    higher = plan_mission(asked("300 km 51.7 deg")).document
    assert higher["status"] == "optimal"
    assert higher["payload_kg"] < answer["payload_kg"]


def test_too_much_payload_is_infeasible_and_says_by_how_much(answer: dict[str, Any]) -> None:
    refused = plan_mission(replace(asked(), payload_kg=6000.0)).document
    assert refused["status"] == "infeasible"
    assert refused["payload_kg"] is None
    missing = refused["shortfall"]["payload_kg"]
    assert missing == pytest.approx(6000.0 - answer["payload_kg"], rel=0.01)
    assert refused["shortfall"]["delta_v_m_s"] > 0.0


def test_tight_tolerances_withhold_the_payload(monkeypatch: pytest.MonkeyPatch) -> None:
    from cosmodrome.campaign import proving
    from cosmodrome.verify.judge import Tolerances

    # No mesh is fine enough for these: one pass tells what five would.
    monkeypatch.setattr(proving, "_TRIES_TO_PROVE", 1)
    strict = PlanOptions(tolerances=Tolerances(position_m=1e-6, velocity_m_s=1e-9))
    document = plan_mission(asked(), strict).document
    assert document["status"] == "verification_failed"
    assert document["payload_kg"] is None


def test_a_mean_ellipse_is_reached_in_its_mean_elements() -> None:
    """Posed in osculating elements its apogee would be 14 km off."""
    document = plan_mission(asked("300x600 km 60 deg mean")).document
    assert document["status"] == "optimal"
    reached = document["achieved"]["mean"]
    assert reached["perigee_km"] == pytest.approx(300.0, abs=0.1)
    assert reached["apogee_km"] == pytest.approx(600.0, abs=0.1)
    assert document["achieved"]["apogee_km"] != pytest.approx(600.0, abs=5.0)
