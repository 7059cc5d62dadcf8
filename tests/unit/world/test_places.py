"""The list of places: names, positions, nearest, inside."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmodrome.world import places
from cosmodrome.world.places import load_places, nearest_places, places_inside
from cosmodrome.world.polygons import ellipse
from cosmodrome.world.polygons_geodesic import distance_m

VOSTOCHNY = math.radians(51.884), math.radians(128.334)


def test_round_vostochny() -> None:
    found = nearest_places(*VOSTOCHNY, count=4)
    assert [one.name for one in found[:2]] == ["Tsiolkovskiy", "Shimanovsk"]
    assert [one.distance_m for one in found] == sorted(one.distance_m for one in found)
    # The town was built for the site; 51.77 N 128.12 E by its article.
    assert found[0].distance_m == pytest.approx(19.5e3, abs=1e3)
    assert found[0].country == "RU"


def test_large_places_only() -> None:
    first, *_ = nearest_places(*VOSTOCHNY, count=2, at_least=100_000)
    assert first.name == "Blagoveshchensk"
    assert first.people >= 100_000


def test_the_middle_of_the_pacific_is_far_from_any_place() -> None:
    # Point Nemo is 2 688 km from the nearest land: Ducie, Motu Nui, Maher.
    near, *_ = nearest_places(math.radians(-48.877), math.radians(-123.393), count=1)
    assert near.distance_m > 2_688e3


@settings(max_examples=8, deadline=None)
@given(st.floats(-1.5, 1.5), st.floats(-4.0, 4.0), st.sampled_from([0, 1000, 200_000]))
def test_nearest_is_nearest_by_brute_force(latitude: float, longitude: float, least: int) -> None:
    listed = load_places()
    enough = np.flatnonzero(listed.people >= least)
    far = distance_m(latitude, longitude, listed.latitude_rad[enough], listed.longitude_rad[enough])
    found = nearest_places(latitude, longitude, 3, least)
    assert len(found) == 3
    # Beyond 1000 km the straight way through the Earth may prefer another by 0.1 %.
    best = np.sort(far)[:3]
    assert [one.distance_m for one in found] == pytest.approx(best.tolist(), rel=2e-3)


def test_more_than_there_are() -> None:
    found = nearest_places(0.0, 0.0, count=100, at_least=15_000_000)
    assert 0 < len(found) < 100


def test_places_inside_are_those_within_reach() -> None:
    found = places_inside(ellipse(*VOSTOCHNY, 60e3, 60e3, points=360))
    assert {"Tsiolkovskiy", "Shimanovsk", "Svobodnyy"} <= {one.name for one in found}
    assert [one.people for one in found] == sorted((one.people for one in found), reverse=True)
    assert all(one.distance_m < 60.1e3 for one in found)
    assert "Seryshevo" not in {one.name for one in found}


def test_places_inside_across_180_deg() -> None:
    found = places_inside(ellipse(math.radians(66.35), math.pi, 80e3, 60e3))
    assert "Egvekinot" in {one.name for one in found}


def test_known_towns_stand_where_they_stand() -> None:
    wanted = {
        "Tokyo": (35.68, 139.69, "JP"),
        "Nairobi": (-1.28, 36.82, "KE"),
        "São Paulo": (-23.55, -46.64, "BR"),
        "Longyearbyen": (78.22, 15.65, "SJ"),
    }
    for name, (y, x, code) in wanted.items():
        near, *_ = nearest_places(
            math.radians(y), math.radians(x), 1, 1000 if code == "SJ" else 1_000_000
        )
        assert (near.name, near.country) == (name, code)
        assert near.distance_m < 5e3


def test_every_place_has_a_name_and_a_country() -> None:
    listed = load_places()
    text, starts = places._names()
    assert starts.size == listed.people.size + 1 == 234_908 + 1
    assert np.all(np.diff(starts) > 1)
    assert text.decode().count("\n") == listed.people.size - 1
    assert listed.ends[-1] == listed.people.size
    assert np.all(np.abs(listed.latitude_rad) <= 0.5 * math.pi)
    assert np.all(np.abs(listed.longitude_rad) <= math.pi + 1e-9)
    assert np.all(listed.people >= 0)


def test_most_places_lie_in_the_country_that_lists_them() -> None:
    # Coasts and borders are drawn to 1 km and points of villages to 100 m: a few fall out.
    from cosmodrome.world.land import countries, country_index

    listed = load_places()
    index = country_index(listed.latitude_rad, listed.longitude_rad)
    drawn = np.array([one.counted_as for one in countries()] + [""])[index]
    told = np.array(listed.codes)[listed.country_numbers()]
    assert np.mean(drawn == told) > 0.97
    assert np.mean((drawn != told) & (index >= 0)) < 0.01


def test_the_attribution_is_told() -> None:
    assert "GeoNames" in places.attribution()
    assert "CC BY 4.0" in places.attribution()
