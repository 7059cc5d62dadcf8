"""The mass budget, all budgets together, and revisits."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from cosmodrome.errors import InputError
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.satellite.budgets import Budgets, published_injections, spacecraft_budgets
from cosmodrome.satellite.flown_orbit import FlownOrbit
from cosmodrome.satellite.mass import mass_budget
from cosmodrome.satellite.revisit import revisits
from cosmodrome.satellite.spacecraft import Part, Spacecraft
from cosmodrome.world.epoch import Epoch


def test_masses_by_hand(craft: Spacecraft) -> None:
    parts = (Part("one", 50.0, 0.1), Part("two", 30.0, 0.2))
    found = mass_budget(replace(craft, parts=parts, system_margin=0.1))
    assert found.value("parts with their margins") == pytest.approx(91.0)
    assert found.value("launch mass with all margins") == pytest.approx(100.1 + 9.0)
    assert found.margin == pytest.approx(120.0 - 109.1)
    assert "one" in found.limit
    heavy = mass_budget(replace(craft, parts=(Part("one", 101.0, 0.1),), system_margin=0.0))
    assert not heavy.met
    with pytest.raises(InputError):
        mass_budget(replace(craft, parts=()))


@pytest.fixture(scope="module")
def every(craft: Spacecraft, epoch: Epoch) -> Budgets:
    return spacecraft_budgets(craft, parse_orbit("sso 500 km ltan 10:30"), epoch)


def test_the_example_closes_in_every_budget(every: Budgets) -> None:
    assert [one.name for one in every.every] == ["power", "link", "data", "delta_v", "mass"]
    assert {one.name: one.margin for one in every.every if not one.met} == {}


def test_the_document_is_plain_json_with_the_keys_of_the_contract(every: Budgets) -> None:
    told = json.loads(json.dumps(every.document(), allow_nan=False))
    assert list(told) == ["power", "link", "data", "delta_v", "mass"]
    for budget in told.values():
        assert budget["limit"]
        kinds = {line["kind"] for line in budget["lines"]}
        assert kinds == {"input", "result"}
        assert all(line["formula"] for line in budget["lines"])


def test_a_budget_without_its_tables_is_not_there(craft: Spacecraft, epoch: Epoch) -> None:
    bare = Spacecraft(body=craft.body)
    found = spacecraft_budgets(bare, parse_orbit("550 km 53 deg"), epoch)
    assert [one.name for one in found.every] == ["delta_v"]
    assert found.document()["power"] is None


def test_only_launchers_that_fly_are_asked_for_their_accuracy(orbit: FlownOrbit) -> None:
    names = {one.vehicle for one in published_injections(orbit)}
    assert "electron" in names
    assert "vega" not in names  # retired


def test_a_wider_strip_is_seen_again_sooner(
    craft: Spacecraft, orbit: FlownOrbit, epoch: Epoch
) -> None:
    assert craft.instrument is not None
    wide = revisits(craft, orbit, epoch)
    narrow = revisits(
        replace(craft, instrument=replace(craft.instrument, access_m=200e3)), orbit, epoch
    )
    for one, other in zip(wide, narrow, strict=True):
        assert one.seen >= other.seen
        if one.mean_revisit_h is not None and other.mean_revisit_h is not None:
            assert one.mean_revisit_h < other.mean_revisit_h
    # Tracks draw together towards the poles.
    means = [one.mean_revisit_h for one in wide if one.mean_revisit_h is not None]
    assert means[-1] < 0.5 * means[0]
