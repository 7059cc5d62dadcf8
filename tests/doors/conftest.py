"""The doors are tried on a sample answer: a real one, frozen by `make_sample.py`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cosmodrome.campaign.answer import Answer
from cosmodrome.mission.catalogue import load_site, load_vehicle
from cosmodrome.mission.mission_file import make_mission, mission_toml
from cosmodrome.mission.orbit_text import parse_orbit

DATA = Path(__file__).parent / "data"


def _sample() -> Answer:
    """The sample as an answer; a fresh copy every time."""
    whole = json.loads((DATA / "sample_answer.json").read_text("utf-8"))
    # The mission is the catalogue's of today, so that its sources can be found.
    asked = make_mission(
        load_vehicle("angara-1.2"), load_site("vostochny"), parse_orbit("200 km 51.7 deg")
    )
    table = {
        name: np.array(values, dtype=object if name == "leg" else float)
        for name, values in whole["table"].items()
    }
    return Answer(whole["status"], whole["document"], table, mission_toml(asked))


def _without_result(status: Any) -> Answer:
    """An answer that states no payload, as the planner gives it for a status."""
    found = _sample()
    document = found.document | {"status": status, "payload_kg": None, "alternatives": []}
    if status == "verification_failed":
        proof = found.document["verification"] | {"position_error_m": 5321.0, "passed": False}
        return Answer(status, document | {"verification": proof}, found.table, found.mission_toml)
    nothing: dict[str, Any] = {"events": [], "losses_m_s": None, "limits": [], "achieved": None}
    nothing |= {"verification": None, "final_mass_kg": None, "t_final_s": None}
    nothing |= {"best_start": None, "burns": None}
    if status == "infeasible":
        nothing["shortfall"] = {"delta_v_m_s": 412.0, "payload_kg": 350.0}
        nothing["best_payload_kg"] = None
        nothing["nearest"] = [
            {"change": "inclination", "target": "200 km 51.7 deg", "payload_kg": 1234.0},
            {"change": "altitude", "target": "180 km 45 deg", "payload_kg": None},
        ]
    return Answer(status, document | nothing, {}, found.mission_toml)


@pytest.fixture(scope="session")
def sample() -> Callable[[], Answer]:
    """Makes the sample answer."""
    return _sample


@pytest.fixture(scope="session")
def without_result() -> Callable[[Any], Answer]:
    """Makes an answer without a payload, by its status."""
    return _without_result


def _under(key: str, found: object) -> Iterator[str]:
    """Every text of the lists that stand under a key, however deep."""
    if isinstance(found, Mapping):
        for name, value in found.items():
            yield from value if name == key else _under(key, value)
    elif isinstance(found, list | tuple):
        for value in found:
            yield from _under(key, value)


def _look_through(document: Mapping[str, Any]) -> None:
    """What every door shows is worded for every door, and each door has words for the rest."""
    from cosmodrome.report.remedies import REMEDIES

    for note in _under("notes", document):
        assert not re.search(r"(^|\W)--[a-z]", note), f"{note!r} speaks of an option"
    for wish in _under("remedies", document):
        assert wish in REMEDIES, f"there are no words for {wish!r}"


@pytest.fixture(autouse=True)
def looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every document that is printed, as JSON or below a table."""
    from cosmodrome.cli import console, listing

    write, tell = console.write_json, listing.print_notes

    def write_json(document: Any, *rest: Any, **more: Any) -> None:
        _look_through(document)
        write(document, *rest, **more)

    def print_notes(terminal: Any, document: Any, *rest: Any, **more: Any) -> None:
        if set(document) != {"notes"}:  # those are the terminal's own words
            _look_through(document)
        tell(terminal, document, *rest, **more)

    monkeypatch.setattr(console, "write_json", write_json)
    monkeypatch.setattr(listing, "print_notes", print_notes)


@pytest.fixture
def give(monkeypatch: pytest.MonkeyPatch) -> Callable[[Answer], None]:
    """Make `cosmodrome plan` give a certain answer, so that only the door is tried."""

    def set_answer(found: Answer) -> None:
        monkeypatch.setattr("cosmodrome.cli.plan.solved", lambda *_: found)

    return set_answer


@pytest.fixture
def tern() -> str:
    """The file of a vehicle that nobody has built, with a title that would be markup."""
    return (DATA / "tern.toml").read_text("utf-8")
