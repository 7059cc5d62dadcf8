"""`cosmodrome screen`: the document, the table, the file, and what is refused."""

from __future__ import annotations

import csv
import importlib
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from cosmodrome.cli import main
from cosmodrome.cli.screen import screen
from cosmodrome.errors import InputError
from cosmodrome.io.tables import parquet_bytes
from cosmodrome.prompt.orbit_source import orbit_source
from cosmodrome.prompt.screen import numbers_from, with_coast
from cosmodrome.windows.screen import screen as windows_screen
from cosmodrome.windows.screen_catalogue import read_catalogue
from cosmodrome.windows.screen_path import path_of
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frames import turn_state
from cosmodrome.world.state import Trajectory

PLAIN = {"NO_COLOR": "1", "COLUMNS": "80", "TERM": "dumb"}
BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
LIFTOFF = Epoch.parse("2027-03-20T12:00:00Z")
START = "2027-03-20T13:00:00Z"
SSO = ("--orbit", "sso 500 km ltan 10:30")

if "screen" not in main.commands:
    main.add_command(screen)


def run(*words: str) -> Result:
    return CliRunner(env=PLAIN).invoke(main, ["screen", *words], prog_name="cosmodrome")


def document(*words: str) -> Any:
    done = run(*words, "--json", "--quiet")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def flight() -> Trajectory:
    """From the ground to a circular orbit at 500 km in ten minutes, by no law of flight."""
    t = np.arange(0.0, 601.0, 2.0)
    x = t / 600.0
    size = 6.371e6 + 507e3 * x * x * (3.0 - 2.0 * x)
    rise = 507e3 * 6.0 * x * (1.0 - x) / 600.0
    speed = 7612.6 / 6.878e6
    angle, turning = 200.0 * speed * x**3, speed * x**2
    one, other = np.array([0.6, 0.0, 0.8]), np.array([0.0, -1.0, 0.0])
    out = np.cos(angle)[:, None] * one + np.sin(angle)[:, None] * other
    along = -np.sin(angle)[:, None] * one + np.cos(angle)[:, None] * other
    v = rise[:, None] * out + (size * turning)[:, None] * along
    return Trajectory(LIFTOFF, "GCRF", t, size[:, None] * out, v)


@pytest.fixture(scope="module")
def cases() -> ModuleType:
    sys.path.insert(0, str(BENCHMARKS))
    try:
        return importlib.import_module("cases.catalogue_of_objects")
    finally:
        sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("run")
    (root / "trajectory.parquet").write_bytes(parquet_bytes(flight()))
    about = {"status": "optimal", "vehicle": "angara-1.2", "site": "vostochny"}
    (root / "result.json").write_text(json.dumps(about), encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def catalogue(cases: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """300 objects drawn, one in the way of a lift-off 1000 s into the window, one broken."""
    path = path_of(flight())
    s, tau, start = 1000.0, 580.0, Epoch.parse(START)
    p, dp, _ = (x[0] for x in path.at(np.array([tau])))
    across = np.cross(p, dp)
    dq = across / np.linalg.norm(across) * 7600.0
    place = p + 4e3 * p / np.linalg.norm(p)
    r, v = turn_state("ITRF", "TEME", start, np.array([s + tau]), place[None], dq[None])
    planted = cases.through(r[0], v[0], start + s + tau, 120001)
    objects = (*cases.drawn(300, seed=3), ("PLANTED", planted))
    text = cases.written(objects)
    spoilt = text.splitlines()[:3]
    spoilt[1] = spoilt[1][:-1] + str((int(spoilt[1][-1]) + 1) % 10)
    text += "\n".join(spoilt) + "\n"
    file = tmp_path_factory.mktemp("catalogue") / "all.tle"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_document_is_what_the_search_finds(folder: Path, catalogue: Path) -> None:
    told = document(
        str(folder), "--catalogue", str(catalogue), "--start", START, "--minutes", "30",
        "--orbits", "0", "--keep-out", "25", "--keep-out-crewed", "25",
    )  # fmt: skip
    found = windows_screen(
        path_of(flight()), read_catalogue(catalogue), Epoch.parse(START), 1800.0, 25e3
    )
    assert len(told["closed"]) == len(found) >= 1
    for k, row in enumerate(told["closed"]):
        assert abs(Epoch.parse(row["from_utc"]) - Epoch.parse(START) - found.from_s[k]) < 1e-3
        assert abs(Epoch.parse(row["to_utc"]) - Epoch.parse(START) - found.to_s[k]) < 1e-3
    mine = next(row for row in told["closed"] if row["object"] == "PLANTED")
    assert mine["number"] == 120001
    nearest = next(row for row in told["approaches"] if row["object"] == "PLANTED")
    assert set(nearest) >= {"object", "utc", "miss_km", "liftoff_utc", "speed_km_s", "age_days"}
    assert nearest["miss_km"] < 4.2
    closed = sum(row["seconds"] for row in told["closed"])
    assert 1800.0 - closed - 0.01 <= told["open_seconds"] < 1800.0
    assert told["catalogue"]["refused"] == 1
    assert any("not a licence analysis" in note for note in told["notes"])
    assert any("computed to 1 m" in note for note in told["notes"])


def test_revolutions_after_insertion_are_looked_at_too(folder: Path, catalogue: Path) -> None:
    words = (str(folder), "--catalogue", str(catalogue), "--start", START, "--minutes", "10")
    short = document(*words, "--orbits", "0", "--keep-out", "100")
    long = document(*words, "--orbits", "0.5", "--keep-out", "100")
    assert long["flight_s"] == pytest.approx(600.0 + 0.5 * 5676.0, abs=30.0)
    assert len(long["closed"]) > len(short["closed"])


def test_a_coast_goes_on_from_the_flight_without_a_gap() -> None:
    both = with_coast(flight(), 1.0)
    n = len(flight())
    assert both.t_s[n] == both.t_s[n - 1]
    assert np.allclose(both.r_m[n], both.r_m[n - 1], atol=1e-3)
    assert np.allclose(both.v_m_s[n], both.v_m_s[n - 1], atol=1e-6)
    assert np.min(np.linalg.norm(both.r_m[n:], axis=1)) > 6.8e6


def test_an_orbit_alone_and_its_probability(catalogue: Path) -> None:
    told = document(
        *SSO, "--catalogue", str(catalogue), "--within", "300",
        "--own-sigma", "1000,9000,1000", "--catalogue-sigma", "1000,9000,1000",
    )  # fmt: skip
    assert "flight_s" not in told
    assert told["approaches"]
    misses = [row["miss_km"] for row in told["approaches"]]
    assert misses == sorted(misses)
    assert all(0.0 <= row["probability"] < 1.0 for row in told["approaches"])


def test_what_is_crewed_and_what_is_left_out_can_be_said(
    folder: Path, catalogue: Path, tmp_path: Path
) -> None:
    words = (str(folder), "--catalogue", str(catalogue), "--start", START, "--orbits", "0")
    plain = document(*words)
    assert plain["catalogue"]["kinds"]["crewed"] == 2
    assert plain["keep_out_km"] == {"crewed": 200.0, "active": 25.0, "debris": 2.5}
    listed = tmp_path / "crewed.txt"
    listed.write_text("120001  # the planted one\n25544\n", encoding="utf-8")
    told = document(*words, "--crewed", str(listed))
    wide = next(row for row in told["closed"] if row["object"] == "PLANTED")
    assert (wide["kind"], wide["keep_out_km"]) == ("crewed", 200.0)
    gone = document(*words, "--leave-out", "120001")
    assert all(row["object"] != "PLANTED" for row in gone["closed"])
    assert gone["catalogue"]["left_out"] == 1


def test_the_table_says_ranges_and_the_file_holds_them(
    folder: Path, catalogue: Path, tmp_path: Path
) -> None:
    out = tmp_path / "closed.csv"
    words = (str(folder), "--catalogue", str(catalogue), "--start", START, "--orbits", "0")
    done = run(*words, "--out", str(out))
    assert done.exit_code == 0, done.stderr
    assert "PLANTED (120001)" in done.stdout
    assert "open:" in done.stdout
    assert "licence" in done.stdout
    with out.open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    assert any(row["object"] == "PLANTED" for row in rows)


def test_nothing_closed_is_said(folder: Path, catalogue: Path) -> None:
    done = run(
        str(folder), "--catalogue", str(catalogue), "--start", START, "--orbits", "0",
        "--keep-out", "0.001", "--keep-out-crewed", "0.001",
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    assert "nothing is closed" in done.stdout


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ((*SSO,), "--catalogue"),
        ((*SSO, "--catalogue", "nowhere.tle"), None),
        ((*SSO, "--catalogue", "CATALOGUE", "--minutes", "0"), "--minutes"),
        ((*SSO, "--catalogue", "CATALOGUE", "--minutes", "1e9"), "--minutes"),
        ((*SSO, "--catalogue", "CATALOGUE", "--crewed", "people"), "--crewed"),
        ((*SSO, "--catalogue", "CATALOGUE", "--leave-out", "1,x"), "--leave-out"),
        ((*SSO, "--catalogue", "CATALOGUE", "--own-sigma", "1,2,3"), "--catalogue-sigma"),
        ((*SSO, "--catalogue", "CATALOGUE", "--own-sigma", "1,2"), "--own-sigma"),
        ((*SSO, "--catalogue", "CATALOGUE", "--keep-out", "-1"), "--keep-out"),
        ((*SSO, "--catalogue", "CATALOGUE", "--start", "soon"), "--start"),
        (("RUN", "--catalogue", "CATALOGUE", "--orbits", "1000"), "--orbits"),
        (("RUN", "--catalogue", "CATALOGUE", "--keep-out", "5000"), "--keep-out"),
        (("--file", "TWO", "--catalogue", "CATALOGUE"), "--satellite"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(
    words: tuple[str, ...], key: str | None, folder: Path, catalogue: Path
) -> None:
    two = folder / "two.tle"
    two.write_text("\n".join(catalogue.read_text(encoding="utf-8").splitlines()[:6]), "utf-8")
    said = {"CATALOGUE": str(catalogue), "RUN": str(folder), "TWO": str(two)}
    done = run(*(said.get(word, word) for word in words), "--json")
    assert done.exit_code == 2, done.stdout + done.stderr
    error = json.loads(done.stdout)["error"]
    assert error["key"] == key
    assert "Traceback" not in done.stderr


def test_numbers_come_from_words_or_a_file() -> None:
    assert numbers_from("25544, 48274 T0002", "--crewed") == {25544, 48274, 270002}
    with pytest.raises(InputError, match="--crewed"):
        numbers_from("ISS", "--crewed")


def test_a_suborbital_flight_is_refused_with_revolutions(tmp_path: Path, catalogue: Path) -> None:
    whole = flight()
    half = Trajectory(LIFTOFF, "GCRF", whole.t_s[:150], whole.r_m[:150], whole.v_m_s[:150])
    (tmp_path / "trajectory.parquet").write_bytes(parquet_bytes(half))
    told = run(str(tmp_path), "--catalogue", str(catalogue), "--json")
    assert told.exit_code == 2
    assert json.loads(told.stdout)["error"]["key"] == "--orbits"
    assert document(str(tmp_path), "--catalogue", str(catalogue), "--orbits", "0")["closed"] == []


def test_the_source_of_a_run_folder_is_its_flight(folder: Path) -> None:
    source = orbit_source(folder)
    assert source.trajectory is not None
    assert source.trajectory.epoch == LIFTOFF


def test_help_loads_no_heavy_library() -> None:
    program = (
        "import sys\nfrom cosmodrome.cli.screen import screen\n"
        "try: screen(['--help'])\nexcept SystemExit: pass\n"
        "print('loaded', [m for m in ('numpy', 'erfa', 'sgp4', 'casadi') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert done.stdout.decode().splitlines()[-1] == "loaded []"
