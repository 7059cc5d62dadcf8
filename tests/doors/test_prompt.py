"""The door for Python: what may be asked, and how an answer shows itself."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import cosmodrome as cd
from cosmodrome import campaign

Make = Callable[..., campaign.Answer]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, sample: Make) -> list[tuple[Any, Any]]:
    """What the planner is asked; it answers with the sample."""
    seen: list[tuple[Any, Any]] = []

    def note(mission: Any, options: Any, **_: object) -> campaign.Answer:
        seen.append((mission, options))
        return sample()

    monkeypatch.setattr("cosmodrome.campaign.plan_mission", note)
    return seen


def test_an_answer_shows_itself(asked: list[Any], tmp_path: Path) -> None:
    answer = cd.plan("angara-1.2", "vostochny", "200 km 51.7 deg")
    assert isinstance(answer, cd.Answer)
    assert len(asked) == 1
    assert f"{answer.payload_kg:.0f} kg" in answer._repr_html_()
    assert list(answer.to_dataframe().columns) == list(answer.table)
    assert answer.plot().data
    assert {path.name for path in answer.save(tmp_path)} >= {"result.json", "report.html"}


def test_an_answer_can_be_kept(asked: list[Any]) -> None:
    answer = cd.plan("angara-1.2", "vostochny", "200 km 51.7 deg")
    again = pickle.loads(pickle.dumps(answer))  # noqa: S301 - our own bytes
    assert asked
    assert repr(again) == repr(answer)
    assert again.document == answer.document


def test_names_and_things_ask_the_same(asked: list[Any], tmp_path: Path) -> None:
    question = {"payload_kg": 2000.0, "epoch_utc": "2027-05-01T00:00:00Z"}
    by_name = cd.plan("angara-1.2", "vostochny", "200 km 51.7 deg", riders="none", **question)  # type: ignore[arg-type]
    vehicle = cd.load_vehicle("angara-1.2", riders="none")
    cd.plan(vehicle, cd.load_site("vostochny"), cd.parse_orbit("200 km 51.7 deg"), **question)  # type: ignore[arg-type]
    mission = asked[0][0]
    cd.plan(mission)
    file = tmp_path / "mission.toml"
    file.write_text(cd.mission_toml(mission))
    cd.plan(file)
    assert by_name.status == "optimal"
    assert [one[0] for one in asked] == [mission] * 4
    assert mission.payload_kg == 2000.0
    assert mission.vehicle.rider_kg == 0.0


def test_options_reach_the_planner(asked: list[Any]) -> None:
    options = cd.PlanOptions(tolerances=cd.Tolerances(position_m=1.0), mesh_check=True)
    cd.plan("angara-1.2", "vostochny", "200 km 51.7 deg", options=options)
    told = asked[0][1]
    assert (told.tolerances, told.mesh_check) == (options.tolerances, True)
    assert told.command == (
        'cosmodrome plan angara-1.2 --from vostochny --to "200 km 51.7 deg" '
        "--position-tolerance-m 1 --mesh-check"
    )


@pytest.mark.parametrize(
    ("words", "more"),
    [
        (("angara-1.2",), {}),
        (("angara-1.2", "vostochny"), {}),
        (("mission.toml", "vostochny"), {}),
        (("mission.toml",), {"riders": "none"}),
        (("nowhere.toml",), {}),
        (("angara-1.2", "vostochny", "200 parsecs"), {}),
        (("angara-9", "vostochny", "200 km 51.7 deg"), {}),
        (("angara-1.2", "vostochny", "200 km 51.7 deg"), {"payload_kg": -1.0}),
        (("angara-1.2", "vostochny", "200 km 51.7 deg"), {"payload_kg": float("nan")}),
        (("angara-1.2", "vostochny", "200 km 51.7 deg"), {"epoch_utc": "tomorrow"}),
        (("angara-1.2", "vostochny", "200 km 51.7 deg"), {"riders": "some"}),
    ],
)
def test_what_cannot_be_used_is_refused(
    asked: list[Any], words: tuple[str, ...], more: dict[str, Any]
) -> None:
    with pytest.raises(cd.InputError):
        cd.plan(*words, **more)
    assert asked == []
