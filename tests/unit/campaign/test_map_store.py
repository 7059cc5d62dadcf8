"""Maps on disk: found by their inputs, rebuilt when one changes, never trusted blindly."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cosmodrome.campaign import map_store
from cosmodrome.campaign.map_store import MapStore, cache_folder
from cosmodrome.campaign.payload_map import Cell, MapQuestion, PayloadMap
from cosmodrome.errors import InputError
from cosmodrome.mission.catalogue import load_site, load_vehicle
from cosmodrome.mission.mission_file import make_mission
from cosmodrome.mission.orbit_text import parse_orbit

CELLS = tuple(
    Cell("mahia", h, i, "optimal", 200.0 - 0.1 * h, limits_reached=("dynamic pressure",))
    for h in (400.0, 500.0)
    for i in (95.0, 100.0)
)


@pytest.fixture
def question() -> MapQuestion:
    mission = make_mission(
        load_vehicle("electron"), load_site("mahia"), parse_orbit("400 km 100 deg")
    )
    return MapQuestion((mission,), (400.0, 500.0), (95.0, 100.0))


def changed(question: MapQuestion) -> MapQuestion:
    """The same map of a vehicle that is one kilogram heavier."""
    mission = question.missions[0]
    heavier = replace(mission.vehicle, rider_kg=mission.vehicle.rider_kg + 1.0)
    return replace(question, missions=(replace(mission, vehicle=heavier),))


def test_a_kept_map_comes_back_as_it_was(tmp_path: Path, question: MapQuestion) -> None:
    store = MapStore(tmp_path / "maps")
    assert store.cells(question) is None
    store.keep(question, CELLS)
    assert MapStore(tmp_path / "maps").cells(question) == CELLS


def test_a_map_of_other_inputs_is_not_found_and_goes(tmp_path: Path, question: MapQuestion) -> None:
    store = MapStore(tmp_path)
    store.keep(question, CELLS)
    other = changed(question)
    assert store.cells(other) is None
    store.keep(other, CELLS[:2])
    assert store.cells(other) == CELLS[:2]
    assert store.cells(question) is None
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("damage", ["cut", "stamp", "form", "binary", "row"])
def test_a_damaged_file_counts_as_not_there(
    tmp_path: Path, question: MapQuestion, damage: str
) -> None:
    store = MapStore(tmp_path)
    store.keep(question, CELLS)
    (path,) = tmp_path.iterdir()
    document = json.loads(path.read_text("utf-8"))
    if damage == "cut":
        path.write_text(path.read_text("utf-8")[:-20], "utf-8")
    elif damage == "binary":
        path.write_bytes(b"\xff\xfe\x00")
    elif damage == "row":
        document["cells"][0]["colour"] = "red"
        path.write_text(json.dumps(document), "utf-8")
    else:
        document[damage] = "other"
        path.write_text(json.dumps(document), "utf-8")
    assert store.cells(question) is None


def test_built_once_and_built_again_when_an_input_changes(
    tmp_path: Path, question: MapQuestion, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[MapQuestion] = []

    def made_up(one: MapQuestion, *, journal: Path, **_: object) -> PayloadMap:
        asked.append(one)
        journal.write_bytes(b"half")
        return PayloadMap("electron", ("mahia",), (), (), CELLS, (), {})

    monkeypatch.setattr(map_store, "payload_map", made_up)
    store = MapStore(tmp_path / "new" / "maps")
    assert store.build(question) == store.build(question) == CELLS
    assert asked == [question]
    store.build(changed(question))
    assert len(asked) == 2
    assert [path.suffix for path in store.folder.iterdir()] == [".json"]


def test_a_folder_that_cannot_be_made_is_told_before_anything_is_built(
    tmp_path: Path, question: MapQuestion, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("built")

    monkeypatch.setattr(map_store, "payload_map", never)
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(InputError, match="no folder for payload maps"):
        MapStore(tmp_path / "file" / "maps").build(question)


def test_the_cache_follows_the_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "cosmodrome" / "maps"
