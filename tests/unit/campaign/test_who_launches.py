"""Who can launch it: made-up maps, real vehicles, and each verdict for its own reason."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cosmodrome.campaign.map_store import MapStore
from cosmodrome.campaign.payload_map import Cell, map_stamp
from cosmodrome.campaign.satellite_answer import satellite_answer
from cosmodrome.campaign.who_launches import (
    Launcher,
    around,
    fit_of,
    payload_between,
    who_launches,
)
from cosmodrome.errors import InputError
from cosmodrome.mission.catalogue import load_site, load_vehicle
from cosmodrome.mission.mission_file import make_mission
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.satellite.spacecraft import Body
from cosmodrome.satellite.spacecraft_file import load_spacecraft
from cosmodrome.world.epoch import Epoch

BODY = Body("small", 120.0, 5.0, 0.8, 0.95, 1.2, adapter_kg=6.0)
ORBIT = parse_orbit("550 km 97 deg")
PAIRS = {"electron": "mahia", "vega-c": "kourou"}


def mission(vehicle: str) -> Mission:
    return make_mission(load_vehicle(vehicle), load_site(PAIRS[vehicle]), ORBIT)


def made_up(vehicle: str, base_kg: float | None) -> tuple[Cell, ...]:
    """A flat slope in altitude and inclination; nothing carried where there is no base."""
    return tuple(
        Cell(PAIRS[vehicle], h, i, "infeasible", reason="falls short")
        if base_kg is None
        else Cell(PAIRS[vehicle], h, i, "optimal", base_kg - 0.1 * (h - 550.0) - (i - 97.0))
        for i in (95.0, 100.0)
        for h in (500.0, 600.0)
    )


@pytest.fixture
def store(tmp_path: Path) -> MapStore:
    return MapStore(tmp_path)


def keep(store: MapStore, vehicle: str, cells: tuple[Cell, ...]) -> None:
    store.keep(around(mission(vehicle), 550.0, 97.0), cells)


def asked(store: MapStore, body: Body = BODY) -> dict[str, Launcher]:
    found = who_launches(body, ORBIT, store=store, vehicles=tuple(PAIRS), build=False)
    return {one.vehicle: one for one in found}


def test_between_the_points_a_plane_is_read_exactly() -> None:
    cells = made_up("electron", 200.0)
    for height, tilt in ((550.0, 97.0), (500.0, 95.0), (590.0, 99.5)):
        status, found = payload_between(cells, height, tilt)
        assert status == "carries"
        assert found == pytest.approx(200.0 - 0.1 * (height - 550.0) - (tilt - 97.0))


def test_what_lacks_at_a_corner_is_told() -> None:
    cells = made_up("electron", 200.0)
    gone = replace(cells[1], status="infeasible", payload_kg=None)
    assert payload_between((cells[0], gone, *cells[2:]), 550.0, 97.0)[0] == "at the edge of reach"
    # On the near side the missing corner is not asked for.
    assert payload_between((cells[0], gone, *cells[2:]), 500.0, 97.0)[0] == "carries"
    lost = replace(cells[1], status="not_converged", payload_kg=None)
    assert payload_between((cells[0], lost, *cells[2:]), 550.0, 97.0)[0] == "not converged"
    assert payload_between(made_up("electron", None), 550.0, 97.0) == ("out of reach", None)


def test_margins_count_the_adapter_only_where_the_launcher_does_not(store: MapStore) -> None:
    keep(store, "electron", made_up("electron", 200.0))
    keep(store, "vega-c", made_up("vega-c", 2000.0))
    found = asked(store)
    assert load_vehicle("electron").adapter_kg.value == 0.0
    assert load_vehicle("vega-c").adapter_kg.value >= 6.0
    assert found["electron"].needed_kg == pytest.approx(126.0)
    assert found["electron"].margin_kg == pytest.approx(200.0 - 126.0)
    assert found["vega-c"].margin_kg == pytest.approx(2000.0 - 120.0)
    assert [one.status for one in found.values()] == ["carries", "carries"]
    assert list(found) == ["electron", "vega-c"]  # no bigger launcher than needed


def test_each_refusal_has_its_own_word(store: MapStore) -> None:
    keep(store, "electron", made_up("electron", 125.9))
    keep(store, "vega-c", made_up("vega-c", None))
    found = asked(store)
    assert found["electron"].status == "too heavy"
    assert found["electron"].margin_kg == pytest.approx(-0.1)
    assert found["vega-c"].status == "out of reach"
    assert "falls short" in found["vega-c"].notes


def test_a_payload_only_the_optimum_carries_is_marginal(store: MapStore) -> None:
    keep(store, "electron", made_up("electron", 1.001 * 126.0))
    one = asked(store)["electron"]
    assert one.predicted_kg is not None
    assert one.predicted_kg < 126.0
    assert one.status == "marginal"


def test_without_a_map_nothing_is_said_of_the_payload(store: MapStore) -> None:
    found = asked(store)
    assert {one.status for one in found.values()} == {"not computed"}
    assert all(one.payload_kg is None for one in found.values())


def test_what_is_hopeless_asks_for_no_map(store: MapStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("asked for a map")

    monkeypatch.setattr(MapStore, "cells", never)
    wide = asked(store, replace(BODY, diameter_m=1.2, mass_kg=3e5))
    assert wide["electron"].status == "does not fit"
    assert wide["vega-c"].status == "too heavy"
    assert wide["vega-c"].at_most_kg < 3e5


def test_fairings_fit_by_the_envelope_and_the_outside_only_refuses() -> None:
    falcon = load_vehicle("falcon-9-ft")  # both sizes of its envelope are known
    assert fit_of(BODY, falcon).fits is True
    assert fit_of(replace(BODY, length_m=11.5), falcon).fits is False
    electron = load_vehicle("electron")  # no length of the envelope
    assert fit_of(BODY, electron).fits is None
    assert fit_of(replace(BODY, length_m=2.6), electron).fits is False
    assert fit_of(replace(BODY, diameter_m=1.1), electron).fits is False


def test_neighbouring_orbits_share_a_map() -> None:
    low, high = parse_orbit("510 km 97.2 deg"), parse_orbit("590 km 98 deg")
    one = around(replace(mission("electron"), target=low), 510.0, 97.2)
    other = around(replace(mission("electron"), target=high), 590.0, 98.0)
    assert map_stamp(one) == map_stamp(other)
    on_it = around(mission("electron"), 500.0, 97.4)
    assert (on_it.altitudes_km, on_it.inclinations_deg) == ((500.0,), (95.0, 100.0))
    assert around(mission("electron"), 510.0, 180.0).inclinations_deg == (180.0,)


@pytest.mark.parametrize("text", ["gto", "500x900 km 98 deg", "escape c3 1", "35786 km 0 deg"])
def test_an_orbit_beyond_the_maps_is_refused_with_what_is_allowed(
    store: MapStore, text: str
) -> None:
    with pytest.raises(InputError) as caught:
        who_launches(BODY, parse_orbit(text), store=store, vehicles=("electron",), build=False)
    assert "160 to 2000 km" in str(caught.value.allowed)


def test_the_whole_answer_is_json_by_the_contract(store: MapStore, repository: Path) -> None:
    keep(store, "electron", made_up("electron", 200.0))
    craft = load_spacecraft(repository / "examples" / "satellites" / "earth-observer.toml")
    told: list[str] = []
    found = satellite_answer(
        craft,
        ORBIT,
        Epoch.parse("2027-03-20T12:00:00Z"),
        store=store,
        vehicles=("electron",),
        build=False,
        tell=lambda text, _share: told.append(text),
    )
    document = json.loads(json.dumps(found.document(), allow_nan=False))
    assert list(document["budgets"]) == ["power", "link", "data", "delta_v", "mass"]
    (row,) = document["launchers"]
    assert {"vehicle", "site", "payload_kg", "margin_kg", "status"} <= set(row)
    assert row["margin_kg"] == pytest.approx(74.0)
    assert len(document["revisit"]) == 6
    assert told == ["budgets", "electron from mahia"]
    assert len(document["provenance"]["inputs_sha256"]) == 64
