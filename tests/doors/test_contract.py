"""The keys that other people's programs rely on, in a real answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from cosmodrome.campaign.answer import Answer
from cosmodrome.report.as_json import json_text

Make = Callable[..., Answer]

ALWAYS = {
    "status", "vehicle", "site", "epoch_utc", "target", "payload_kg", "adapter_kg",
    "payload_interval_kg", "starts", "published", "build_s", "solve_s", "verify_s", "total_s",
    "iterations", "provenance",
}  # fmt: skip
FLOWN = {
    "final_mass_kg", "t_final_s", "achieved", "verification", "events", "losses_m_s", "limits",
}  # fmt: skip
INSIDE = {
    "starts": {"tried", "agreed", "spread_percent"},
    "achieved": {
        "perigee_km", "apogee_km", "inclination_deg", "raan_deg", "argp_deg", "mean",
        "geodetic_perigee_km", "frame", "delta_v_to_geo_m_s",
    },
    "verification": {
        "position_error_m", "velocity_error_m_s", "target_error", "integrator", "passed",
    },
    "losses_m_s": {"ideal", "gravity", "drag", "steering", "back_pressure", "gained"},
    "provenance": {"cosmodrome", "inputs_sha256", "command"},
}  # fmt: skip
IN_EACH = {
    "published": {"payload_kg", "orbit", "includes_adapter", "source"},
    "events": {
        "name", "t_s", "altitude_km", "speed_m_s", "inertial_speed_m_s", "downrange_km", "mass_kg",
        "q_pa", "acceleration_m_s2",
    },
    "limits": {"name", "limit", "reached", "unit", "margin", "met"},
    "alternatives": {"name", "payload_kg"},
}  # fmt: skip


def missing(document: dict[str, Any]) -> list[str]:
    """Keys of the contract that an optimal answer lacks."""
    lacks = [key for key in sorted(ALWAYS | FLOWN) if key not in document]
    for key, inner in INSIDE.items():
        lacks += [f"{key}.{name}" for name in sorted(inner - set(document.get(key) or {}))]
    for key, inner in IN_EACH.items():
        lacks += [
            f"{key}[].{name}"
            for item in document.get(key) or [{}]
            for name in sorted(inner - set(item))
        ]
    return lacks


def test_every_key_of_the_contract_is_there(sample: Make) -> None:
    assert missing(json.loads(json_text(sample().document))) == []


@pytest.mark.parametrize("key", ["status", "achieved", "events"])
def test_a_missing_key_is_seen(key: str, sample: Make) -> None:
    document = dict(sample().document)
    del document[key]
    assert missing(document)


def test_events_and_losses_are_whole(sample: Make) -> None:
    document = sample().document
    names = [event["name"] for event in document["events"]]
    assert (names[0], names[-1]) == ("liftoff", "insertion")
    assert "max_q" in names
    budget = dict(document["losses_m_s"])
    left = budget.pop("ideal") - budget.pop("gained") - sum(budget.values())
    assert abs(left) < 1.0  # m/s, the contract's own tolerance


def test_the_answer_tells_its_payload_and_proof(sample: Make, without_result: Make) -> None:
    found = sample()
    assert found.payload_kg == found.document["payload_kg"]
    assert found.verified
    assert list(found.alternatives_kg) == ["with AM module", "without AM module"]
    assert repr(found).startswith("<Answer optimal: ")
    failed = without_result("verification_failed")
    assert failed.payload_kg is None
    assert not failed.verified
    assert not without_result("infeasible").verified
