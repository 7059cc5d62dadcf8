"""A Monte Carlo is the same whoever does it; and it says what its numbers are not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cosmodrome.campaign import PlanOptions, plan_mission
from cosmodrome.campaign.disperse import (
    DispersionQuestion,
    Hands,
    Spare,
    disperse,
    question_stamp,
)
from cosmodrome.campaign.disperse_insertion import insertion
from cosmodrome.campaign.disperse_margin import propellant_per_payload
from cosmodrome.errors import InputError
from cosmodrome.io.injection import InjectionAccuracy
from cosmodrome.mission.catalogue import load_site, load_vehicle
from cosmodrome.mission.mission_file import make_mission
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.prompt.disperse import Dispersions, dispersions, samples_file
from cosmodrome.report.as_json import json_text
from cosmodrome.runs import SizeError
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.state import State


@pytest.fixture(scope="module")
def asked() -> DispersionQuestion:
    orbit = parse_orbit("200 km 51.7 deg")
    mission = make_mission(load_vehicle("angara-1.2"), load_site("vostochny"), orbit)
    plan = plan_mission(mission, PlanOptions(alternatives=False, partials=False)).plan
    assert plan is not None
    return DispersionQuestion(mission, plan, samples=60, payload_samples=0, seed=3)


def bytes_of(found: Dispersions) -> bytes:
    """Everything a run gives: the document and the table."""
    return json_text(found.document).encode() + samples_file(found)


@pytest.fixture(scope="module")
def whole(asked: DispersionQuestion) -> Iterator[Dispersions]:
    """Sixty samples in three batches of twenty, by one worker."""
    with pytest.MonkeyPatch.context() as patch:
        for module in ("disperse", "disperse_fall"):
            patch.setattr(f"cosmodrome.campaign.{module}.BATCH", 20)
        yield dispersions(asked, Hands(workers=1))


def test_parallel_and_interrupted_are_the_same_to_the_byte(
    asked: DispersionQuestion, whole: Dispersions, tmp_path: Path
) -> None:
    def stop(text: str, share: float) -> None:
        if text.startswith("first stages, ") and share >= 0.3:
            raise KeyboardInterrupt

    hands = Hands(workers=2, journal=tmp_path / "journal")
    with pytest.raises(KeyboardInterrupt):
        disperse(asked, hands, stop)
    assert bytes_of(dispersions(asked, hands)) == bytes_of(whole)


def test_a_sample_does_not_depend_on_how_many_there_are(
    asked: DispersionQuestion, whole: Dispersions
) -> None:
    fewer = disperse(replace(asked, samples=50), Hands(workers=2)).columns
    assert list(fewer) == list(whole.found.columns)
    assert all(whole.found.columns[name][:50] == column for name, column in fewer.items())


def test_the_document_has_the_keys_of_the_contract(whole: Dispersions) -> None:
    told = whole.document
    assert told["samples"] == 60
    assert told["seed"] == 3
    (drop,) = told["drop"]
    assert drop["name"] == "URM-1"
    assert [one["probability"] for one in drop["ellipses"]] == [0.5, 0.9, 0.99]
    assert told["payload_margin_kg"] is None
    assert told["insertion"]["covariance"] is None
    assert told["confidence"]["three_sigma_needs"] == 1705
    assert any("1705 without a failure" in note for note in told["notes"])
    json.dumps(told, allow_nan=False)


def low_orbit() -> State:
    r, v = np.array([6.878e6, 0.0, 0.0]), np.array([0.0, 0.9, 7.55e3])
    return State(Epoch.parse("2027-03-20T12:00:00Z"), "TOD", r, v)


def test_a_stated_accuracy_becomes_the_covariance() -> None:
    accuracy = InjectionAccuracy(perigee_m=1e3, apogee_m=2e3, inclination_rad=1e-4)
    found = insertion("angara-1.2", low_orbit(), accuracy)
    matrix = np.array(found["covariance"]["matrix"])
    assert found["covariance"]["axes"] == "RTN"
    assert matrix.shape == (6, 6)
    assert np.allclose(matrix, matrix.T)
    assert np.linalg.eigvalsh(matrix).min() > -1e-6 * np.trace(matrix)
    assert found["sigma"] == pytest.approx(
        {"perigee_km": 1.0, "apogee_km": 2.0, "inclination_deg": np.degrees(1e-4)}
    )


def test_without_a_published_accuracy_there_is_no_covariance() -> None:
    """No open-loop figure is passed off as insertion accuracy."""
    known = insertion("vega", low_orbit())
    assert known["covariance"] is not None
    assert "printed for" in known["source"]
    assert insertion("angara-1.2", low_orbit())["covariance"] is None
    assert insertion("a vehicle of one's own", low_orbit())["covariance"] is None


def test_stamps_tell_questions_apart(asked: DispersionQuestion) -> None:
    same = question_stamp(asked)
    assert question_stamp(replace(asked, samples=61)) == same  # a sample is a sample
    lhs = replace(asked, method="lhs")
    assert question_stamp(replace(lhs, samples=61)) != question_stamp(lhs)
    sigmas = replace(asked.sigmas, drag=0.01)
    others = (replace(asked, seed=4), lhs, replace(asked, sigmas=sigmas))
    assert len({same, *(question_stamp(one) for one in others)}) == 4
    heavier = replace(asked, plan=replace(asked.plan, payload_kg=asked.plan.payload_kg + 1e-9))
    assert question_stamp(heavier) != same


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"samples": 49}, "--samples"),
        ({"samples": 2_000_000}, "--samples"),
        ({"payload_samples": 61}, "--payload-samples"),
        ({"payload_samples": 5}, "--payload-samples"),
        ({"payload_samples": -1}, "--payload-samples"),
        ({"seed": -1}, "--seed"),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    change: dict[str, Any], key: str, asked: DispersionQuestion
) -> None:
    with pytest.raises(InputError) as caught:
        disperse(replace(asked, **change))
    assert caught.value.key == key


def test_a_run_that_would_not_end_is_refused_before_it_begins(asked: DispersionQuestion) -> None:
    question = replace(asked, samples=900_000, payload_samples=900_000)
    with pytest.raises(SizeError, match=r"900000 samples would take about .* h on 2 workers"):
        disperse(question, Hands(workers=2))


def test_margins_count_what_was_lost_as_short() -> None:
    from cosmodrome.prompt.disperse import _margins

    spare = Spare(np.array([110.0, 90.0, np.nan, *[120.0] * 37]), 100.0, 105.0, 0.8)
    told = _margins(spare)["payload_margin_kg"]
    assert told["lost"] == 1
    assert told["carries"]["failures"] == 2  # one short, one not found
    assert told["p50"] == 20.0
    assert told["nominal_kg"] == 5.0
    assert _margins(spare)["propellant_margin_kg"]["p50"] == pytest.approx(16.0)


def test_propellant_left_over_per_payload_to_spare() -> None:
    row = {"quantity": "propellant", "part": "two", "kg_per_unit": 0.25}
    assert propellant_per_payload([row], "two") == pytest.approx(0.8)
    assert propellant_per_payload([row], "one") is None
