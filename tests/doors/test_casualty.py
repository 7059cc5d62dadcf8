"""`casualty` and `hazard` at the door: run folders in, documents, pages and files out."""

from __future__ import annotations

import json
import math
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner
from pyarrow import parquet
from scipy.integrate import solve_ivp

from cosmodrome.cli.casualty import casualty as casualty_command
from cosmodrome.cli.hazard import hazard as hazard_command
from cosmodrome.errors import InputError
from cosmodrome.prompt import casualty as prompt_casualty
from cosmodrome.prompt import dropzones as zones
from cosmodrome.prompt.casualty import casualty
from cosmodrome.prompt.hazard import hazard, hazard_of
from cosmodrome.safety import casualty_people
from cosmodrome.world.earth import local_axes, site_position
from cosmodrome.world.environment import Environment
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frames import turn_state

EARTH = Environment()
EPOCH = "2027-03-20T12:00:00Z"
LEGS = (("gravity turn", 0.0, 150.0, True), ("coast", 150.0, 155.0, False),
        ("upper burn", 155.0, 400.0, True))  # fmt: skip


def ascent(azimuth_deg: float = 60.0) -> dict[str, Any]:
    """A made-up flight: pushed by a programme of pitch over a point mass, in two burns."""
    lat, lon = math.radians(51.9), math.radians(128.3)
    place = np.asarray(site_position(lat, lon, 200.0, EARTH.equatorial_radius_m, EARTH.flattening))
    r, v = turn_state(
        "ITRF", "GCRF", Epoch.parse(EPOCH), np.zeros(1), place[None], np.zeros((1, 3))
    )
    frame = [np.asarray(axis) for axis in local_axes(lat, lon)]
    azimuth = math.radians(azimuth_deg)
    away = math.cos(azimuth) * frame[1] + math.sin(azimuth) * frame[0]
    turned, _ = turn_state(
        "ITRF", "GCRF", Epoch.parse(EPOCH), np.zeros(2), np.array([frame[2], away]),
        np.zeros((2, 3)),
    )  # fmt: skip
    columns: dict[str, list[Any]] = {"t_s": [], "leg": [], "thrust_n": [], "mass_kg": []}
    places: list[Any] = []
    y = np.concatenate([r[0], v[0]])
    for name, start, stop, burning in LEGS:
        times = np.linspace(start, stop, max(3, round((stop - start) / 4.0)))

        def push(t: float, y: Any, *, burning: bool = burning) -> Any:
            pitch = math.radians(np.interp(t, [10.0, 150.0, 400.0], [0.0, 72.0, 100.0]))
            along = math.cos(pitch) * turned[0] + math.sin(pitch) * turned[1]
            pull = -EARTH.mu_m3_s2 * y[:3] / np.linalg.norm(y[:3]) ** 3
            return np.concatenate([y[3:], pull + (24.0 if burning else 0.0) * along])

        found = solve_ivp(push, (start, stop), y, t_eval=times, rtol=1e-9, atol=1e-3)
        y = found.y[:, -1]
        places.append(found.y.T)
        columns["t_s"] += times.tolist()
        columns["leg"] += [name] * times.size
        columns["thrust_n"] += [1e6 if burning else 0.0] * times.size
        columns["mass_kg"] += [1e5] * times.size
    states = np.concatenate(places)
    names = ("x_m", "y_m", "z_m", "vx_m_s", "vy_m_s", "vz_m_s")
    return columns | {name: states[:, k].tolist() for k, name in enumerate(names)}


RESULT = {
    "status": "optimal", "vehicle": "test-rocket", "site": "vostochny", "payload_kg": 2500.0,
    "target": {"text": "500 km 60 deg", "inclination_deg": 60.0},
    "events": [
        {"name": "stage 1 cutoff", "t_s": 150.0}, {"name": "stage 2 ignition", "t_s": 155.0}
    ],
}  # fmt: skip


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    noted = {"cosmodrome.epoch_utc": EPOCH, "cosmodrome.frame": "x, y, z, vx, vy, vz: GCRF"}
    table = pa.table(ascent()).replace_schema_metadata(noted)
    parquet.write_table(table, folder / "trajectory.parquet")
    (folder / "result.json").write_text(json.dumps(RESULT))
    return folder


@pytest.fixture(scope="session")
def found(run: Path) -> Any:
    return casualty(run)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, found: Any) -> None:
    """The people looked up once, and no debris in the air."""
    cells = found.assessment.estimates[0].result.cells
    monkeypatch.setattr(casualty_people, "corridor_cells", lambda *_: cells)
    monkeypatch.setattr(prompt_casualty, "_dragged", lambda *_: None)


# ---------------------------------------------------------------- casualty


def write_raster(path: Path, people: int, north: float = 70.0, west: float = 100.0) -> None:
    """A grid of one number, 20 by 80 cells of 1 deg."""
    rows = "\n".join(" ".join([str(people)] * 80) for _ in range(20))
    path.write_text(
        f"ncols 80\nnrows 20\nxllcorner {west}\nyllcorner {north - 20.0}\ncellsize 1\n{rows}\n"
    )


def test_a_users_raster_stands_for_the_lists_where_it_reaches(
    run: Path, tmp_path: Path, found: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prompt_casualty, "_dragged", lambda *_: None)
    write_raster(tmp_path / "mine.asc", 6000)
    mine = casualty(run, population=tmp_path / "mine.asc")
    first = mine.assessment.estimates[0].result
    source = next(one for one in mine.document["factors"] if one["name"] == "people")["value"]
    assert "mine.asc" in source
    assert any("mine.asc" in note for note in mine.document["notes"])
    here = (np.degrees(first.cells.latitude_rad) > 50.0) & (
        np.degrees(first.cells.latitude_rad) < 70.0
    )
    here &= np.degrees(first.cells.longitude_rad) > 100.0
    assert np.any(here)
    assert np.array_equal(first.cells.low[here], first.cells.high[here])
    # 6000 on a square of 1 deg: 60 and 1500 in the two sizes of cells.
    size = np.degrees(first.cells.height_rad[here])
    assert first.cells.high[here] == pytest.approx(6000.0 * size**2, rel=1e-9)
    write_raster(tmp_path / "double.asc", 12000)
    double = casualty(run, population=tmp_path / "double.asc").assessment.estimates[0].result
    twice = double.high[: len(first.high)][here] / first.high[here]
    assert twice == pytest.approx(np.full(twice.size, 2.0), rel=1e-9)
    assert "mine.asc" not in json.dumps(found.document)


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda path: path.unlink(missing_ok=True), "no such file"),
        (lambda path: path.write_text("hello"), "not an ESRI ASCII grid"),
        (lambda path: write_raster(path, 5, north=-60.0, west=-170.0), "reaches no part"),
    ],
)
def test_a_raster_that_cannot_be_used_is_refused(
    run: Path, tmp_path: Path, write: Any, message: str
) -> None:
    path = tmp_path / "mine.asc"
    write(path)
    with pytest.raises(InputError, match=message) as caught:
        casualty(run, population=path)
    assert (caught.value.file, caught.value.key) == (str(path), "--population")
    assert caught.value.allowed


def test_the_document_names_every_factor(found: Any) -> None:
    document = found.document
    assert document["vehicle"] == "test-rocket"
    assert document["planning_aid"] == "planning aid, not a licence analysis"
    assert document["rule"]["limit"] == 1e-4
    assert document["vehicle_class"] == "medium"
    assert "this flight's own 2500 kg" in document["class_from"]
    names = " ".join(factor["name"] for factor in document["factors"])
    for part in ("failure probability", "casualty area", "corridor", "people", "class"):
        assert part in names
    assert [one["name"] for one in document["estimates"]] == [
        "appendix C", "appendix C by table", "by phase"
    ]  # fmt: skip
    json.dumps(document, allow_nan=False)


def test_burns_are_called_by_their_stages(found: Any) -> None:
    phases = found.document["phases"]
    assert [phase["name"] for phase in phases] == ["stage 1", "stage 2"]
    assert sum(phase["failure_probability"] for phase in phases) == pytest.approx(0.10)


def test_the_trace_begins_at_the_pad(found: Any) -> None:
    first = found.document["trace"][0]
    assert first["latitude_deg"] == pytest.approx(51.9, abs=0.01)
    assert first["longitude_deg"] == pytest.approx(128.3, abs=0.01)
    ranges = [row["range_km"] for row in found.document["trace"] if row["t_s"] < 300.0]
    assert ranges == sorted(ranges)


def test_people_of_the_region_are_counted(found: Any) -> None:
    one = found.document["estimates"][0]
    assert 0.0 < one["expected_casualties"]["low"] < one["expected_casualties"]["high"]
    assert one["by_country"][0]["country"] == "Russia"
    assert one["people_in_corridor"]["low"] > 1000.0


def test_the_same_run_gives_the_same_document(run: Path, found: Any) -> None:
    assert casualty(run).document == found.document


@pytest.mark.usefixtures("quick")
def test_a_phase_of_one_s_own_changes_the_variant_alone(run: Path, found: Any) -> None:
    other = casualty(run, phases=["STAGE 1 = 0"]).document
    mine = {one["name"]: one["expected_casualties"]["high"] for one in other["estimates"]}
    plain = {one["name"]: one["expected_casualties"]["high"] for one in found.document["estimates"]}
    assert mine["appendix C"] == pytest.approx(plain["appendix C"], rel=1e-9)
    assert mine["by phase"] < plain["by phase"]
    assert [phase["failure_probability"] for phase in other["phases"]] == [0.0, 0.10]


@pytest.mark.usefixtures("quick")
def test_a_larger_class_may_be_asked_for(run: Path) -> None:
    document = casualty(run, kind="Medium Large").document
    assert document["vehicle_class"] == "medium-large"
    assert document["class_from"] == "as asked for"


@pytest.mark.parametrize(
    ("more", "key"),
    [({"kind": "huge"}, "--class"), ({"phases": ["stage 3=0.1"]}, "--phase"),
     ({"phases": ["stage 1"]}, "--phase"), ({"phases": ["stage 1=2"]}, "--phase"),
     ({"phases": ["stage 1=nan"]}, "--phase"), ({"phases": ["=0.1"]}, "--phase"),
     ({"phases": ["stage 1=0.7", "stage 2=0.7"]}, None)],
)  # fmt: skip
def test_words_that_make_no_sense_are_refused(run: Path, more: Any, key: str | None) -> None:
    with pytest.raises(InputError) as refused:
        casualty(run, **more)
    assert key is None or refused.value.key == key


@pytest.mark.parametrize(
    ("result", "why"),
    [("[]", "not an answer"), ("{", "cannot be read"), ('{"status": "infeasible"}', "infeasible"),
     ("[" * 100_000, "cannot be read")],
)  # fmt: skip
def test_other_folders_are_refused(tmp_path: Path, result: str, why: str) -> None:
    (tmp_path / "result.json").write_text(result)
    with pytest.raises(InputError, match=why):
        casualty(tmp_path)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "change",
    [{"events": None}, {"events": [1, {"name": "x cutoff"}, {"name": None, "t_s": 150.0}]},
     {"target": "orbit"}, {"target": {"inclination_deg": "steep"}}, {"vehicle": None}],
)  # fmt: skip
def test_results_of_other_makes_are_put_up_with(
    tmp_path: Path, run: Path, change: dict[str, Any]
) -> None:
    (tmp_path / "result.json").write_text(json.dumps(RESULT | change))
    (tmp_path / "trajectory.parquet").write_bytes((run / "trajectory.parquet").read_bytes())
    assert len(casualty(tmp_path).document["estimates"]) == 3


@pytest.mark.parametrize("payload", [None, "much", 0, True, -3.0])
def test_without_a_payload_the_class_is_asked_for(tmp_path: Path, run: Path, payload: Any) -> None:
    (tmp_path / "result.json").write_text(json.dumps(RESULT | {"payload_kg": payload}))
    (tmp_path / "trajectory.parquet").write_bytes((run / "trajectory.parquet").read_bytes())
    with pytest.raises(InputError, match="class"):
        casualty(tmp_path)


def test_no_folder_and_no_flight_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        casualty(tmp_path / "none")
    with pytest.raises(InputError, match=r"no result\.json"):
        casualty(tmp_path)
    (tmp_path / "result.json").write_text(json.dumps(RESULT))
    with pytest.raises(InputError, match=r"no trajectory\.parquet"):
        casualty(tmp_path)
    (tmp_path / "trajectory.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(InputError):
        casualty(tmp_path)


def test_a_flight_without_thrust_is_refused(tmp_path: Path, run: Path) -> None:
    table = parquet.read_table(run / "trajectory.parquet")
    parquet.write_table(table.drop_columns(["thrust_n"]), tmp_path / "trajectory.parquet")
    (tmp_path / "result.json").write_text(json.dumps(RESULT))
    with pytest.raises(InputError, match="thrust_n"):
        casualty(tmp_path)


@pytest.mark.usefixtures("quick")
def test_the_command_prints_and_writes(run: Path, tmp_path: Path) -> None:
    page, rows = tmp_path / "safety.html", tmp_path / "areas.csv"
    shown = CliRunner().invoke(casualty_command, [str(run), "--quiet", "--out", str(page)])
    assert shown.exit_code == 0, shown.output
    assert "Planning aid, not a licence analysis." in shown.output
    assert "14 CFR 420.25(b)" in shown.output
    text = page.read_text()
    assert "lanning aid, not a licence analysis" in text
    for words in (text, " ".join(shown.output.split())):
        assert "--phase of cosmodrome casualty gives your own probabilities." in words
    assert 'id="chart-corridor"' in text
    assert "http://" not in text.partition("<script")[0]
    told = CliRunner().invoke(casualty_command, [str(run), "--json", "--quiet", "--out", str(rows)])
    assert json.loads(told.stdout)["vehicle"] == "test-rocket"
    assert rows.read_text().startswith("reading,latitude_deg,longitude_deg,country")


# ---------------------------------------------------------------- hazard

ELLIPSES = [
    {"probability": p, "latitude_deg": 55.0, "longitude_deg": 179.9, "semi_major_km": 20.0 * k,
     "semi_minor_km": 8.0 * k, "azimuth_deg": 30.0, "elliptical": True}
    for k, p in enumerate((0.5, 0.9, 0.99), 1)
]  # fmt: skip
PARTS = [
    {"name": "stage <1>", "count": 4, "latitude_deg": 55.0, "longitude_deg": 179.9, "t_s": 700.0,
     "surface": "sea", "country": None, "ellipses": ELLIPSES,
     "people_99": {"listed": 0, "statement": "no listed place", "estimate_lo": 0.0,
                   "estimate_hi": 3.0}}
]  # fmt: skip
ZONES = {
    "vehicle": "test-rocket", "site": "vostochny", "epoch_utc": EPOCH, "parts": PARTS,
    "notes": ["a note"],
}  # fmt: skip


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The drop zones above in place of a fall; what it was asked with."""
    asked: dict[str, Any] = {}

    class Found:
        document = ZONES

    def instead(run: Any, **more: Any) -> Any:
        asked.update(more | {"run": run})
        return Found

    monkeypatch.setattr(zones, "dropzones", instead)
    return asked


def test_geojson_is_what_comes_without_being_asked(handed: dict[str, Any]) -> None:
    shown = CliRunner().invoke(hazard_command, ["run", "--quiet"])
    assert shown.exit_code == 0, shown.output
    document = json.loads(shown.stdout)
    assert document["type"] == "FeatureCollection"
    assert document["status"] == "draft, not a notice"
    (feature,) = document["features"]
    assert feature["geometry"]["type"] == "MultiPolygon"
    assert feature["properties"]["name"] == "stage <1> (4), 99 %"
    assert feature["properties"]["until_utc"] == "2027-03-20T12:42:00Z"
    assert handed["run"] == "run"


@pytest.mark.parametrize("form", ["kml", "czml", "text"])
def test_other_forms_come_when_asked(handed: dict[str, Any], form: str) -> None:
    shown = CliRunner().invoke(hazard_command, ["run", "--quiet", "--format", form])
    assert shown.exit_code == 0, shown.output
    assert "draft, not a notice" in shown.stdout.lower()
    assert "licence analysis" in shown.stdout
    if form == "kml":
        assert ET.fromstring(shown.stdout) is not None  # noqa: S314 - our own text
    if form == "czml":
        assert len(json.loads(shown.stdout)) == 3
    assert handed


def test_a_window_moves_the_times_and_nothing_else(handed: dict[str, Any]) -> None:
    plain = hazard("run")
    later = hazard("run", epoch_utc="2027-04-01T03:00:00Z", minutes=45.0)
    assert np.array_equal(plain.areas[0].corners, later.areas[0].corners)
    assert later.areas[0].begins.utc(0) == "2027-04-01T02:30:00Z"
    assert later.areas[0].ends.utc(0) == "2027-04-01T04:27:00Z"
    assert handed


def test_an_overlap_is_told_in_every_place(handed: dict[str, Any], tmp_path: Path) -> None:
    published = tmp_path / "published.txt"
    published.write_text(hazard("run").content("text"))
    found = hazard("run", overlap=published)
    assert found.matches[0].of_ours_percent > 99.9
    assert json.loads(found.content("geojson"))["overlap"][0]["of_published_percent"] > 99.9
    assert "% of the published" in found.content("text")
    out = tmp_path / "hazard.kml"
    shown = CliRunner().invoke(
        hazard_command,
        ["run", "--format", "kml", "--overlap", str(published), "--out", str(out)],
    )
    assert "published area" in shown.stdout
    assert out.read_text().startswith("<?xml")
    assert handed


@pytest.mark.parametrize(
    "more",
    [{"probability": 0.95}, {"probability": 2.0}, {"minutes": -1.0}, {"minutes": math.nan},
     {"epoch_utc": "tomorrow"}, {"overlap": "none.geojson"}],
)  # fmt: skip
def test_what_cannot_be_used_is_refused(handed: dict[str, Any], more: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        hazard("run", **more)
    assert not handed or "probability" in more


def test_json_goes_with_geojson_alone(handed: dict[str, Any]) -> None:
    shown = CliRunner().invoke(hazard_command, ["run", "--json", "--format", "kml"])
    assert isinstance(shown.exception, InputError)
    assert not handed


def test_a_flight_that_drops_nothing_has_no_area() -> None:
    found = hazard_of(ZONES | {"parts": []})
    assert found.areas == ()
    assert "nothing that is dropped comes down" in found.notes
    assert "No area." in found.content("text")


def test_a_form_that_is_not_known_is_refused() -> None:
    with pytest.raises(InputError, match="not known"):
        hazard_of(ZONES).content("shapefile")
