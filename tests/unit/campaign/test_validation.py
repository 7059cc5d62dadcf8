"""The comparison with published payloads, on predictions made up for the purpose."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from cosmodrome.campaign.prediction import flags_of, is_direct, questions
from cosmodrome.campaign.summary import summarise
from cosmodrome.campaign.validation import Prediction, Validation, in_convention, validate
from cosmodrome.mission.catalogue.published import (
    COLUMNS,
    PublishedPayload,
    all_published,
    read_published,
)

HEAD = ",".join(COLUMNS)


def point(
    vehicle: str, kg: float = 1000.0, confidence: str = "A", **more: object
) -> PublishedPayload:
    plain = PublishedPayload(vehicle, "kourou", 200.0, 200.0, 6.0, kg, "no", "made up", confidence)
    return replace(plain, **more)  # type: ignore[arg-type]


def prediction(vehicle: str, kg: float = 1100.0, **more: object) -> Prediction:
    return replace(Prediction("optimal", kg, 50.0, family=vehicle), **more)  # type: ignore[arg-type]


def fleet(count: int = 9) -> Validation:
    """Vehicles whose raw error is +10 % but for a few per cent."""
    names = [f"v{k}" for k in range(count)]
    off = [math.exp(0.02 * (k - count // 2)) for k in range(count)]
    return validate(
        [point(name) for name in names],
        [prediction(name, 1100.0 * share) for name, share in zip(names, off, strict=True)],
    )


@pytest.mark.parametrize(
    ("said", "habit", "wanted"),
    [
        ("yes", "excluded", 1050.0),
        ("no", "included", 1000.0),
        ("unknown", "included", 1050.0),
        ("unknown", "excluded", 1000.0),
        ("unknown", "unknown", 1000.0),
    ],
)
def test_predictions_are_in_the_points_own_convention(said: str, habit: str, wanted: float) -> None:
    one = point("v", includes_adapter=said)
    assert in_convention(one, 1000.0, 50.0, habit) == wanted  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "found", "words"),
    [
        (point("v", confidence="A-flown"), prediction("v"), "lower bound"),
        (point("v", confidence="C"), prediction("v"), "confidence C"),
        (point("v"), prediction("v", flags=("gross mass: 0.8",)), "gross mass"),
        (point("v"), Prediction("not_converged"), "not converged"),
        (point("v"), Prediction("unknown vehicle", reason="no vehicle is called v"), "no vehicle"),
    ],
)
def test_what_is_not_clean_says_why(one: PublishedPayload, found: Prediction, words: str) -> None:
    (row,) = validate([one], [found]).rows
    assert not row.clean
    assert words in row.left_out


def test_clean_never_depends_on_the_error() -> None:
    points = [point("v")]
    near, far = (validate(points, [prediction("v", kg)]).rows[0] for kg in (1000.0, 9000.0))
    assert near.clean
    assert far.clean


def test_a_better_source_for_the_same_orbit_wins() -> None:
    points = [point("v"), point("v", 1200.0, "B"), point("v", 900.0, "B", perigee_km=190.0)]
    rows = validate(points, [prediction("v")] * 3).rows
    assert [row.clean for row in rows] == [True, False, True]


def test_the_correction_is_learnt_and_applied() -> None:
    found = fleet()
    document = summarise(found)
    raw, corrected = document["clean"]["raw"], document["clean"]["leave_family_out"]
    assert raw["median_error_percent"] == pytest.approx(10.0)
    assert abs(corrected["median_error_percent"]) < 2.0
    assert found.calibrations["v3"].without == "v3"
    low, high = corrected["range_90"]["median_absolute_error_percent"]
    assert low <= corrected["median_absolute_error_percent"] <= high


def test_the_summary_is_the_same_for_one_seed_and_another_for_another() -> None:
    found = fleet()
    assert summarise(found, seed=3) == summarise(found, seed=3)
    ranges = [summarise(found, seed=s)["clean"]["raw"]["range_90"] for s in (3, 4)]
    assert ranges[0] != ranges[1]


def test_flown_masses_are_lower_bounds() -> None:
    points = [point("v", kg, "A-flown") for kg in (500.0, 5000.0)]
    light, heavy = validate(points, [prediction("v")] * 2).rows
    assert (light.verdict, heavy.verdict) == ("carried", "falls short")
    ratings = [point("v", kg) for kg in (500.0, 5000.0)]
    rows = validate(ratings, [prediction("v")] * 2).rows
    assert [row.verdict for row in rows] == ["too high", "too low"]


def test_corrections_learnt_elsewhere_are_used_as_they_are() -> None:
    known = fleet().calibrations
    found = validate(
        [point("v0"), point("new")], [prediction("v0"), prediction("new")], stored=known
    )
    assert found.rows[0].calibration == known["v0"]
    assert found.rows[1].calibration == known[""]


# --------------------------------------------------------------------- points


def test_names_that_cannot_be_used_stay_in_the_table() -> None:
    asked = questions(
        [point("no-such"), point("vega", site="nowhere"), point("vega", inclination_deg=500.0)]
    )
    told = [one.refused.status for one in asked if one.refused is not None]
    assert told == ["unknown vehicle", "unknown site", "bad orbit"]


def test_all_own_points_but_those_without_data_can_be_asked() -> None:
    points = all_published()
    refused = {
        one.vehicle
        for one, asked in zip(points, questions(points), strict=True)
        if asked.refused is not None and asked.refused.status != "bad orbit"
    }
    assert refused == {"atlas-v-552"}


def test_a_payload_beyond_physics_is_flagged_by_its_losses() -> None:
    own = next(one for one in all_published() if one.vehicle == "falcon-9-ft" and not one.flown)
    for kg, wanted in ((own.payload_kg, False), (3.0 * own.payload_kg, True)):
        one = replace(own, payload_kg=kg)
        (asked,) = questions([one])
        assert asked.sheet is not None
        assert asked.mission is not None
        found = [text for text in flags_of(one, asked.sheet, asked.mission) if "losses" in text]
        assert bool(found) is wanted


# The Cape's latitude is 28.58 deg geodetic, 28.42 deg geocentric.
@pytest.mark.parametrize(
    ("tilt", "direct"), [(28.6, True), (28.5, True), (28.3, True), (28.1, False), (20.0, False)]
)
def test_turns_are_known_by_latitude(tilt: float, direct: bool) -> None:
    one = point("falcon-9-ft", site="cape-canaveral", inclination_deg=tilt)
    (asked,) = questions([one])
    assert asked.mission is not None
    assert is_direct(asked.mission) is direct


def test_a_polar_plane_lies_outside_the_cape_s_corridor() -> None:
    one = point("falcon-9-ft", site="cape-canaveral", inclination_deg=90.0)
    (asked,) = questions([one])
    assert asked.mission is not None
    assert is_direct(asked.mission) is False


def test_long_orbits_are_written_without_exponent() -> None:
    assert point("v", apogee_km=1500000.0).orbit == "200x1500000 km 6 deg"
    assert point("v", inclination_deg=97.514).orbit == "200 km 97.514 deg"


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ("v,s,nan,200,6,100,no,x,A", "perigee_km"),
        ("v,s,200,inf,6,100,no,x,A", "apogee_km"),
        ("v,s,200,100,6,100,no,x,A", "apogee_km"),
        ("v,s,200,200,6,0,no,x,A", "payload_kg"),
        ("v,s,200,200,200,100,no,x,A", "inclination_deg"),
        ("v,s,200,200,6,100,maybe,x,A", "includes_adapter"),
        ("v,s,200,200,6,100,no,x,Z", "confidence"),
        (",s,200,200,6,100,no,x,A", "vehicle"),
        ("v,s,200", "apogee_km"),
    ],
)
def test_a_bad_row_is_refused_by_name(row: str, key: str, tmp_path: Path) -> None:
    from cosmodrome.errors import InputError

    path = tmp_path / "points.csv"
    path.write_text(f"{HEAD}\n{row}\n", "utf-8")
    with pytest.raises(InputError) as refused:
        read_published(path)
    assert refused.value.key == f"line 2.{key}"
    assert refused.value.allowed


@pytest.mark.needs_shared
def test_the_public_table_is_read_whole(shared_reference: Path) -> None:
    points = read_published(shared_reference / "payload_points.csv")
    assert (
        len(points) == len((shared_reference / "payload_points.csv").read_text().splitlines()) - 1
    )
