"""One scalar for a vehicle, from its ratings of other orbits than the one asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cosmodrome.campaign import learnt
from cosmodrome.campaign.learnt import Rating, calibrations_document, own_rating, ratings_of

LOW = Rating("kourou", 200.0, 200.0, 5.2, 1800.0, 2000.0, "made up")
HIGH = Rating("kourou", 700.0, 700.0, 90.0, 1200.0, 1200.0, "made up")


def test_the_scalar_is_the_middle_of_published_over_raw() -> None:
    found = own_rating(1000.0, [LOW, HIGH])
    assert found is not None
    assert found.ratio == pytest.approx((0.9 * 1.0) ** 0.5)
    assert found.payload_kg == pytest.approx(1000.0 * found.ratio)
    assert found.document()["by"][0]["published_kg"] == 1800.0


def test_without_a_rating_nothing_is_said() -> None:
    assert own_rating(1000.0, []) is None


@pytest.mark.parametrize(
    ("question", "same"),
    [
        (("kourou", 200.0, 200.0, 5.2), True),
        (("kourou", 200.0, 200.0, None), True),
        (("kourou", 202.0, 199.0, 5.3), True),
        (("cape-canaveral", 200.0, 200.0, 5.2), False),
        (("kourou", 300.0, 300.0, 5.2), False),
        (("kourou", 200.0, 200.0, 51.6), False),
    ],
)
def test_which_orbit_was_rated(question: tuple[str, float, float, float], same: bool) -> None:
    assert LOW.asks(*question) is same


def test_ratings_are_kept_with_the_calibrations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "calibration.json"
    file.write_text(json.dumps(calibrations_document({}, {}, {"vega": [LOW]})), "utf-8")
    monkeypatch.setattr(learnt, "STORED", file)
    learnt._ratings.cache_clear()
    assert ratings_of("vega") == (LOW,)
    assert ratings_of("another") == ()
    learnt._ratings.cache_clear()
