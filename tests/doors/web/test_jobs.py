"""Jobs: what the command line answers, to the last digit; stopped, resumed, listed, deleted."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cosmodrome.web.refusals import Refused

ORBIT = "sso 500 km ltan 10:30"


def cli(*words: str, folder: Path) -> Any:
    """The document of the command line."""
    start = "from cosmodrome.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", start, *words, "--json", "--quiet"],
        capture_output=True,
        check=False,
        cwd=folder,
    )
    assert done.returncode in (0, 6), done.stderr
    return json.loads(done.stdout)


def untimed(document: Any) -> Any:
    """A document without how long it took."""
    if isinstance(document, dict):
        return {
            key: untimed(value)
            for key, value in document.items()
            if key not in ("build_s", "solve_s", "verify_s", "total_s")
        }
    return [untimed(one) for one in document] if isinstance(document, list) else document


def result(server: Any, job: dict[str, Any]) -> Any:
    reply = server.get(f"/api/v1/jobs/{job['id']}/result")
    assert reply.status == 200
    assert reply.headers["content-type"] == "application/json"
    return reply.json


def test_a_plan_is_the_command_lines_to_the_last_digit(
    server: Any, flown: dict[str, Any], tmp_path: Path
) -> None:
    words = ("plan", "angara-1.2", "--from", "vostochny", "--to", "200 km 51.7 deg")
    asked = cli(*words, folder=tmp_path)
    found = result(server, flown)
    assert untimed(found) == untimed(asked)
    assert flown["summary"]["payload_kg"] == asked["payload_kg"] > 3000.0
    assert flown["outcome"] == "optimal"
    assert flown["command"] == asked["provenance"]["command"]
    assert [one["name"] for one in flown["files"]] == [
        "mission.toml", "plan.json", "report.html", "result.json", "trajectory.parquet",
    ]  # fmt: skip


@pytest.mark.slow
def test_what_the_workers_know_beforehand_changes_no_digit(begin: Any, tmp_path: Path) -> None:
    """Their parent has planned one of these flights already, and keeps the problems it built."""
    warm = begin(tmp_path / "store", warm=True)
    for orbit in ("300 km 60 deg", "200 km 51.7 deg"):
        job = warm.done("plan", vehicle="angara-1.2", site="vostochny", orbit=orbit)
        asked = cli("plan", "angara-1.2", "--from", "vostochny", "--to", orbit, folder=tmp_path)
        assert untimed(result(warm, job)) == untimed(asked)


@pytest.mark.parametrize(
    ("kind", "question", "words"),
    [
        (
            "passes",
            {"orbit": ORBIT, "stations": ["svalbard", "37.94,-75.47,10"], "frequency_mhz": 2200.0},
            ("--orbit", ORBIT, "--station", "svalbard", "--station", "37.94,-75.47,10",
             "--frequency", "2200"),
        ),
        ("eclipses", {"orbit": ORBIT, "oblate": True}, ("--orbit", ORBIT, "--oblate")),
        (
            "propagate",
            {"orbit": ORBIT, "days": 0.05, "frame": "ITRF"},
            ("--orbit", ORBIT, "--days", "0.05", "--frame", "ITRF"),
        ),
        (
            "lifetime",
            {"orbit": "300 km 51.6 deg", "mass_kg": 120.0, "area_m2": 1.1, "samples": 20},
            ("--orbit", "300 km 51.6 deg", "--mass", "120", "--area", "1.1", "--samples", "20"),
        ),
        (
            "coverage",
            {"orbit": ORBIT, "band": "-30:30", "spacing_deg": 15.0, "swath_km": 200.0, "days": 1.0},
            ("--orbit", ORBIT, "--band", "-30:30", "--spacing", "15", "--swath", "200",
             "--days", "1"),
        ),
        (
            "coverage",
            {"orbit": "550 km 53 deg", "points": ["55.75,37.62"], "walker": "53:6/3/1",
             "min_elevation_deg": 25.0, "days": 0.5},
            ("--orbit", "550 km 53 deg", "--point", "55.75,37.62", "--walker", "53:6/3/1",
             "--min-elevation", "25", "--days", "0.5"),
        ),
        (
            "repeat",
            {"days": 16, "altitude_km": 700.0, "within_km": 30.0},
            ("--days", "16", "--altitude", "700", "--within", "30"),
        ),
    ],
)  # fmt: skip
def test_what_follows_an_orbit_is_the_command_lines(
    server: Any, tmp_path: Path, kind: str, question: dict[str, Any], words: tuple[str, ...]
) -> None:
    job = server.done(kind, **question)
    assert job["state"] == "done", job["error"]
    assert result(server, job) == cli(kind, *words, folder=tmp_path)


def test_windows_and_passes_of_a_run(server: Any, flown: dict[str, Any]) -> None:
    job = server.done("windows", run=flown["id"], raan_deg=20.0, days=2.0)
    assert job["state"] == "done", job["error"]
    assert job["summary"]["count"] == len(result(server, job)["windows"]) > 0
    job = server.done("passes", run=flown["id"], stations=["svalbard"], days=0.2)
    assert job["state"] == "done", job["error"]
    assert flown["id"] in result(server, job)["orbit"]
    assert str(server.store) not in json.dumps(result(server, job))


@pytest.mark.slow
def test_dispersions_are_the_command_lines_and_go_on_where_they_stopped(
    server: Any, flown: dict[str, Any], tmp_path: Path
) -> None:
    asked = {"samples": 60, "payload_samples": 0, "seed": 7, "inclination_sigma_deg": 0.05}
    job = server.done("disperse", run=flown["id"], **asked)
    assert job["state"] == "done", job["error"]
    folder = tmp_path / flown["id"]
    folder.symlink_to(server.store / "runs" / flown["id"])
    words = ("--samples", "60", "--payload-samples", "0", "--seed", "7",
             "--inclination-sigma-deg", "0.05")  # fmt: skip
    found, theirs = result(server, job), cli("disperse", flown["id"], *words, folder=tmp_path)
    for one in (found, theirs):
        assert one["provenance"].pop("command").startswith(f"cosmodrome disperse {flown['id']} ")
    assert found == theirs
    assert [one["name"] for one in job["files"]] == ["result.json", "samples.parquet"]
    long = server.add("disperse", run=flown["id"], samples=4000, payload_samples=0)["id"]
    server.until(long, lambda one: one["progress"]["share"] > 0.1)
    server.post(f"/api/v1/jobs/{long}/stop")
    server.until(long, lambda one: one["state"] == "stopped", 10.0)
    assert list((server.store / "runs" / long).glob(".disperse.*.journal"))
    assert server.post(f"/api/v1/jobs/{long}/resume").status == 200
    job = server.until(long, lambda one: one["state"] == "done")
    assert result(server, job)["samples"] == 4000
    assert not list((server.store / "runs" / long).glob("*journal*"))


def test_a_vehicle_of_ones_own_is_drawn_asked_about_and_planned(server: Any, tern: str) -> None:
    reply = server.hand_in("tern.toml", tern)
    assert reply.status == 201, reply.body
    found = reply.json
    assert found["form"] == "vehicle"
    assert found["vehicle"]["parts"] == ["first stage"]
    assert [one["length_m"] for one in found["vehicle"]["drawing"]["stages"]] == [15.0, 5.0]
    live = server.post(
        "/api/v1/orbit",
        {"orbit": "200 km 51.7 deg", "vehicle_file": found["id"], "site": "vostochny"},
    ).json
    assert live["reach"]["verdict"] == "edge"
    variant = server.hand_in(
        "mine.toml", 'name = "mine"\nextends = "angara-1.2"\nsource = "made for a test"\n'
    )
    assert variant.json["form"] == "vehicle", variant.body
    assert "urm-1" in variant.json["vehicle"]["parts"]
    job = server.done(
        "plan", vehicle_file=found["id"], site="vostochny", orbit="200 km 51.7 deg",
        keep_off=[{"part": "first stage", "area": "China"}],
    )  # fmt: skip
    assert job["state"] == "done", job["error"]
    assert job["command"] == (
        'cosmodrome plan tern.toml --from vostochny --to "200 km 51.7 deg" '
        '--keep-off "first stage=China"'
    )
    assert result(server, job)["vehicle"] == "tern"


def test_a_zone_that_cannot_be_is_refused_at_once(server: Any) -> None:
    plain = {"vehicle": "angara-1.2", "site": "vostochny", "orbit": "200 km 51.7 deg"}
    for zone, said in (
        ({"keep_off": [{"part": "urm-9", "area": "China"}]}, "urm-1"),
        ({"keep_off": [{"area": "Chine"}]}, "China"),
        ({"zone_margin_km": 5.0}, "--keep-off"),
    ):
        reply = server.post("/api/v1/jobs", {"kind": "plan", "question": plain | zone})
        assert reply.status == 400, zone
        assert said in reply.error["allowed"]
    names = {one["name"] for one in server.get("/api/v1/countries").json["countries"]}
    assert {"China", "Kazakhstan"} <= names


def test_a_flight_is_exported_in_every_form(server: Any, flown: dict[str, Any]) -> None:
    starts = {
        "oem": b"CCSDS_OEM_VERS", "opm": b"CCSDS_OPM_VERS", "omm-xml": b"<?xml",
        "tle": b"ANGARA", "czml": b"[{", "kml": b"<?xml", "geojson": b"{", "csv": b"epoch_utc,",
        "parquet": b"PAR1",
    }  # fmt: skip
    for form, start in starts.items():
        reply = server.get(f"/api/v1/jobs/{flown['id']}/export/{form}")
        assert reply.status == 200, form
        assert reply.body.startswith(start), form
        assert "attachment" in reply.headers["content-disposition"]
    assert server.get(f"/api/v1/jobs/{flown['id']}/export/exe").status == 422


def test_a_trajectory_is_thinned_but_keeps_its_ends_and_legs(
    server: Any, flown: dict[str, Any]
) -> None:
    path = f"/api/v1/jobs/{flown['id']}/trajectory"
    whole = server.get(path).json
    thin = server.get(f"{path}?most=40").json
    assert thin["thinned"]
    assert not whole["thinned"]
    assert thin["samples"] == len(thin["columns"]["t_s"]) <= 40 < whole["samples"]
    for end in (0, -1):
        assert thin["columns"]["t_s"][end] == whole["columns"]["t_s"][end]
    assert set(thin["columns"]["leg"]) == set(whole["columns"]["leg"])
    assert whole["epoch_utc"] == "2027-03-20T12:00:00Z"
    assert whole["columns"]["mass_kg"][-1] == result(server, flown)["final_mass_kg"]


def test_a_report_cannot_reach_the_api_it_is_served_beside(
    server: Any, flown: dict[str, Any]
) -> None:
    reply = server.get(f"/api/v1/jobs/{flown['id']}/files/report.html")
    assert reply.status == 200
    policy = reply.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-scripts")
    assert "allow-same-origin" not in policy
    assert "default-src 'none'" in policy
    saved = server.get(f"/api/v1/jobs/{flown['id']}/files/report.html?download=1")
    assert saved.headers["content-disposition"] == 'attachment; filename="report.html"'


def test_a_report_is_made_when_it_is_opened(
    server: Any, flown: dict[str, Any], tmp_path: Path
) -> None:
    """The bytes are those that `plan --out` writes of the same answer; nothing is kept of them."""
    from cosmodrome.report.folder import report_of_folder

    sizes = {one["name"]: one["bytes"] for one in flown["files"]}
    assert [name for name, size in sizes.items() if size is None] == ["report.html"]
    path = f"/api/v1/jobs/{flown['id']}/files"
    for name in set(sizes) - {"report.html"}:
        (tmp_path / name).write_bytes(server.get(f"{path}/{name}").body)
        assert (tmp_path / name).stat().st_size == sizes[name]
    assert server.get(f"{path}/report.html").body == report_of_folder(tmp_path)
    assert not (server.store / "runs" / flown["id"] / "report.html").exists()


def test_a_mission_file_comes_back_as_it_went(server: Any, flown: dict[str, Any]) -> None:
    path = f"/api/v1/jobs/{flown['id']}/files/mission.toml"
    text = server.get(path).body.decode()
    reply = server.hand_in("mission.toml", text)
    assert reply.status == 201, reply.body
    assert reply.json["form"] == "mission"
    assert reply.json["mission"]["vehicle"] == "angara-1.2"
    assert server.hand_in("mission.toml", text).json["id"] == reply.json["id"]
    again = server.done("plan", mission=reply.json["id"])
    assert again["state"] == "done", again["error"]
    assert again["summary"]["payload_kg"] == flown["summary"]["payload_kg"]
    assert again["command"] == "cosmodrome plan mission.toml"


def test_a_file_is_there_for_others_once_it_is_known_what_it_is(tmp_path: Path) -> None:
    """Whoever looks meanwhile sees none, and a server that dies meanwhile leaves none."""
    from cosmodrome.web.limits import Limits
    from cosmodrome.web.routes_files import file_routes
    from cosmodrome.web.shapes import FileBody
    from cosmodrome.web.store import Store

    store = Store(tmp_path)
    content = FileBody(name="x.tle", text="lines")
    ends: list[Any] = []

    def looking(_name: str, asked: Any, links: Any) -> tuple[Any, bytes]:
        assert store.handed_in.get(asked["file"]) is None
        assert Path(links[asked["file"]][1]).read_text() == "lines"
        if not ends:
            raise KeyboardInterrupt
        if ends.pop() == "another comes":
            assert add(content)["form"] == "orbit"
        return {"form": "orbit", "told": "one"}, b""

    jobs: Any = SimpleNamespace(store=store, limits=Limits(stored_files=1))
    desk: Any = SimpleNamespace(call=looking)
    routes: Any = file_routes(jobs, desk).routes
    add = next(one.endpoint for one in routes if "POST" in one.methods)
    with pytest.raises(KeyboardInterrupt):
        add(content)
    assert store.handed_in.every() == []
    ends += ["in peace", "another comes"]
    found = add(content)
    assert found["form"] == "orbit"
    assert [one["id"] for one in store.handed_in.every()] == [found["id"]]
    assert store.handed_in.path(found["id"], "x.tle").read_text() == "lines"
    assert list(store.desk.iterdir()) == []
    ends += ["in peace"]
    with pytest.raises(Refused, match="no room"):
        add(FileBody(name="y.tle", text="lines"))
    store.close()


def test_a_slip_is_refused_at_once_as_the_command_line_refuses_it(server: Any) -> None:
    question = {"vehicle": "angara-1.3", "site": "vostochny", "orbit": "200 km 51.7 deg"}
    reply = server.post("/api/v1/jobs", {"kind": "plan", "question": question})
    assert reply.status == 400
    assert "did you mean angara-1.2" in reply.error["message"]
    assert reply.error["key"] == "vehicle"
    # Where the command line would name its option, the field is named.
    asked = {"orbit": "sso 500 km", "stations": ["svalbard"], "satellites": ["unheard-of"]}
    reply = server.post("/api/v1/jobs", {"kind": "passes", "question": asked})
    assert reply.error["key"] == "satellites"
    for body in (
        {"kind": "plan", "question": {"vehicle": "angara-1.2"}},
        {"kind": "nothing", "question": {}},
        {"kind": "plan", "question": question | {"payload": 1}},
        {"kind": "plan", "question": question | {"payload_kg": -1.0}},
        {"kind": "plan", "question": question | {"payload_kg": "NaN"}},
        {"kind": "passes", "question": {"orbit": "x", "run": "0" * 12, "stations": ["svalbard"]}},
    ):
        reply = server.post("/api/v1/jobs", body)
        assert reply.status == 422, body
        assert reply.error["kind"] == "bad_input"
        assert reply.error["message"]


def test_live_checks_answer_mistakes_instead_of_refusing_them(server: Any) -> None:
    def orbit(**asked: Any) -> Any:
        return server.post("/api/v1/orbit", asked).json

    edge = orbit(orbit="200 km 51.7 deg", vehicle="angara-1.2", site="vostochny")
    assert edge["ok"]
    assert edge["site"]["pad"] == "site-1a"
    assert edge["site"]["geocentric_latitude_deg"] == pytest.approx(51.69, abs=0.005)
    assert edge["site"]["inclinations"] == [
        {"azimuths": "340 to 95", "inclinations": "about 52 to 101"}
    ]
    assert edge["reach"]["verdict"] == "edge"
    assert orbit(orbit="200 km 97 deg", site="vostochny")["reach"]["verdict"] == "direct"
    assert orbit(orbit="200 km 30 deg", site="vostochny")["reach"]["verdict"] == "below_latitude"
    south = orbit(orbit="200 km 98 deg", site="cape-canaveral")["reach"]
    assert south["verdict"] == "outside_corridor"
    assert "dogleg" in south["told"]
    assert orbit(orbit="gto", site="kourou")["reach"]["verdict"] == "open"
    wrong = orbit(orbit="200 parsecs", site="vostochny")
    assert not wrong["ok"]
    assert wrong["error"]["message"]
    asked: dict[str, Any] = {"kind": "check", "question": {"vehicle": "electron", "site": "mahia",
                                           "orbit": "sso 500 km", "payload_kg": 200.0}}  # fmt: skip
    said = server.post("/api/v1/ask", asked).json
    assert said == {
        "ok": True,
        "command": 'cosmodrome check electron --from mahia --to "sso 500 km" --payload 200',
        "error": None,
    }
    asked["question"]["site"] = "mahi"
    assert not server.post("/api/v1/ask", asked).json["ok"]


def test_the_catalogue_has_what_a_drawing_needs(server: Any) -> None:
    vehicles = {one["name"]: one for one in server.get("/api/v1/vehicles").json["vehicles"]}
    stages = vehicles["angara-1.2"]["drawing"]["stages"]
    assert [one["name"] for one in stages] == ["URM-1", "URM-2"]
    assert all(one["length_m"] > 0.0 and one["diameter_m"] > 0.0 for one in stages)
    sheet = server.get("/api/v1/vehicles/angara-1.2").json
    assert sheet["stages"][0]["propellant_kg"]["source"]
    sites = {one["name"]: one for one in server.get("/api/v1/sites").json["sites"]}
    assert sites["vostochny"]["corridors_deg"] == [[340.0, 95.0]]
    assert server.get("/api/v1/sites/vostochny").json["pads"]
    assert server.get("/api/v1/stations").json["stations"]
    assert server.get("/api/v1/vehicles/nothing").status == 404
    installed = str(Path(__file__).resolve().parents[3])
    assert installed not in server.get("/api/v1/sites/vostochny").body.decode()


LONG = {"vehicle": "angara-1.2", "sites": ["vostochny"], "altitudes": "200:1000:50",
        "inclinations": "52:98:5"}  # fmt: skip


def test_a_job_is_stopped_at_once_and_deleted_only_when_it_is_meant(server: Any) -> None:
    ident = server.add("map", **LONG)["id"]
    server.until(ident, lambda one: one["state"] == "running")
    assert server.get(f"/api/v1/jobs/{ident}/result").status == 409
    began = time.monotonic()
    server.post(f"/api/v1/jobs/{ident}/stop")
    found = server.until(ident, lambda one: one["state"] == "stopped", 10.0)
    assert time.monotonic() - began < 5.0
    assert found["ended_utc"]
    assert server.post(f"/api/v1/jobs/{ident}/stop").status == 409
    asked = server.delete(f"/api/v1/jobs/{ident}", confirmed=False)
    assert asked.status == 428
    assert ident in asked.error["allowed"]
    assert server.job(ident)["state"] == "stopped"
    assert server.delete(f"/api/v1/jobs/{ident}").status == 204
    assert server.get(f"/api/v1/jobs/{ident}").status == 404
    assert not (server.store / "runs" / ident).exists()


def test_whoever_waits_for_news_hears_of_it(server: Any) -> None:
    revision = server.get("/api/v1/changes").json["revision"]
    nothing = server.get(f"/api/v1/changes?after={revision}&wait_s=0").json
    assert nothing == {"revision": revision, "jobs": [], "deleted": [], "reset": False}
    ident = server.add("eclipses", orbit=ORBIT)["id"]
    news = server.get(f"/api/v1/changes?after={revision}&wait_s=20").json
    assert [one["id"] for one in news["jobs"]] == [ident]
    assert news["revision"] > revision
    server.until(ident, lambda one: one["state"] == "done")
    server.delete(f"/api/v1/jobs/{ident}")
    news = server.get(f"/api/v1/changes?after={news['revision']}&wait_s=20").json
    assert news["deleted"] == [ident]
    assert server.get("/api/v1/changes?after=5").json["reset"]


def test_news_that_come_after_we_looked_are_told_the_next_time() -> None:
    from cosmodrome.web.news import News
    from cosmodrome.web.routes_jobs import _news

    news, comes = News(1), iter((False, True))

    def looked(after: int) -> dict[str, Any] | None:
        heard = news.since(after)
        if next(comes, False):
            news.changed("a")  # just after the last look of the first question
        return None if heard is None else {"jobs": heard.changed}

    jobs: Any = SimpleNamespace(news=news, changes=looked)
    told = asyncio.run(_news(jobs, news.revision, 0.0))
    assert told["jobs"] == []
    assert asyncio.run(_news(jobs, told["revision"], 0.0))["jobs"] == ["a"]


def children_of(pid: int) -> set[int]:
    """Every process below one."""
    parents = {}
    for one in Path("/proc").iterdir():
        if one.name.isdigit():
            try:
                parents[int(one.name)] = int(
                    (one / "stat").read_text().rsplit(")", 1)[1].split()[1]
                )
            except OSError:
                continue
    found: set[int] = set()
    added = {pid}
    while added:
        added = {child for child, parent in parents.items() if parent in added} - found
        found |= added
    return found


def gone(pids: set[int], patience_s: float = 10.0) -> bool:
    ends = time.monotonic() + patience_s
    while time.monotonic() < ends:
        left = [pid for pid in pids if Path(f"/proc/{pid}").exists()]
        if not any("Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2] for pid in left):
            return True
        time.sleep(0.05)
    return False


def test_a_killed_server_leaves_nobody_behind_and_loses_nothing(begin: Any, tmp_path: Path) -> None:
    first = begin(tmp_path / "store")
    done = first.done("eclipses", orbit=ORBIT)
    grid = LONG | {"altitudes": "200:300:100", "inclinations": "60:100:20"}
    ident = first.add("map", **grid)["id"]
    kept = tmp_path / "store" / "runs" / ident

    def finished() -> int:
        for journal in kept.glob(".*.journal"):
            with closing(sqlite3.connect(journal)) as base:
                return int(base.execute("SELECT COUNT(*) FROM jobs").fetchone()[0])
        return 0

    first.until(ident, lambda one: one["progress"]["share"] > 0.2)
    below = children_of(first.process.pid)
    assert below
    os.kill(first.process.pid, signal.SIGKILL)
    first.process.wait()
    assert gone(below)
    before = finished()
    assert before > 0
    second = begin(tmp_path / "store")
    assert result(second, done)["eclipses"]
    found = second.until(ident, lambda one: one["state"] not in ("queued", "running"), 240.0)
    assert found["state"] == "done", found["error"]
    assert found["summary"]["cells"] == 6
    assert not list(kept.glob(".*.journal"))


@pytest.mark.slow
def test_a_stopped_map_goes_on_from_its_journal(server: Any) -> None:
    grid = LONG | {"altitudes": "200:300:100", "inclinations": "60:80:10"}
    ident = server.add("map", **grid)["id"]
    server.until(ident, lambda one: one["progress"]["share"] > 0.1)
    server.post(f"/api/v1/jobs/{ident}/stop")
    server.until(ident, lambda one: one["state"] == "stopped")
    assert list((server.store / "runs" / ident).glob(".*.journal"))
    server.post(f"/api/v1/jobs/{ident}/resume")
    # What was finished counts from the first word on.
    first = server.until(ident, lambda one: one["progress"]["share"] > 0.0)
    assert first["progress"]["share"] > 0.1
    timed = server.until(ident, lambda one: one["progress"]["text"].endswith(" left"))["progress"]
    minutes, seconds = timed["text"].removesuffix(" left").rpartition(" ")[2].split(":")
    assert timed["left_s"] == pytest.approx(60.0 * int(minutes) + int(seconds), rel=0.1, abs=1.0)
    found = server.until(ident, lambda one: one["state"] == "done", 240.0)
    assert found["summary"]["cells"] == 6


def test_what_a_journal_had_already_took_no_time() -> None:
    """The time left is the one that the text of the work itself says."""
    from cosmodrome.web.shown import Live

    live = Live(began=100.0)
    live.heard("flying the plan again", 0.0, 101.0)
    live.heard("first stages, 30 of 60", 0.5, 104.0)
    assert live.left_s is None
    live.heard("first stages, 33 of 60, 1.0 per s, 0:27 left", 0.55, 107.0)
    assert live.left_s == pytest.approx(27.0)
    live.heard("first stages, 33 of 60, 1.0 per s, 0:27 left", 0.55, 109.0)
    assert live.left_s == pytest.approx(27.0)
    # What is not counted goes on as it went.
    live.heard("writing", 0.9, 125.0)
    assert live.left_s == pytest.approx(21.0 * 0.1 / 0.4)
    plain = Live(began=100.0)
    plain.heard("eclipses of one", 0.25, 110.0)
    assert plain.left_s == pytest.approx(30.0)


def test_short_jobs_pass_the_ones_that_take_all_cores(server: Any) -> None:
    first = server.add("map", **LONG)["id"]
    second = server.add("map", **LONG)["id"]
    server.until(first, lambda one: one["state"] == "running")
    short = server.done("eclipses", orbit=ORBIT)
    assert short["state"] == "done"
    assert server.job(second)["state"] == "queued"
    assert server.job(second)["queue_place"] == 1
    for ident in (second, first):
        server.post(f"/api/v1/jobs/{ident}/stop")
        server.until(ident, lambda one: one["state"] == "stopped")
        server.delete(f"/api/v1/jobs/{ident}")


def test_who_waits_hears_of_a_place_that_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the queue is not read once more for every job that is shown."""
    from cosmodrome.web import jobs as module
    from cosmodrome.web.limits import Limits
    from cosmodrome.web.store import Store

    pool = SimpleNamespace(give=lambda *_, **__: None, stop=lambda *_: None, close=lambda: None)
    monkeypatch.setattr(module, "Pool", lambda *_, **__: pool)
    store = Store(tmp_path)
    jobs = module.Jobs(store, Limits(at_once=1))
    question = {"vehicle": "x", "site": "y", "orbit": "z", "interval": False}
    running, second, third, fourth = (jobs.add("plan", question, "a")["id"] for _ in range(4))

    def places() -> list[int | None]:
        return [jobs.job(one)["queue_place"] for one in (running, second, third, fourth)]

    assert places() == [None, 1, 2, 3]
    for act, told, now in (
        (lambda: jobs.stop(second), {second, third, fourth}, [None, None, 1, 2]),
        (lambda: jobs.resume(second), {second, third, fourth}, [None, 1, 2, 3]),
        (lambda: jobs.delete(running), {second, third, fourth}, [None, 1, 2]),
        (lambda: jobs.delete(fourth), set(), [None, 1]),
    ):
        revision = jobs.news.revision
        act()
        news = jobs.changes(revision)
        assert news is not None
        assert {one["id"] for one in news["jobs"]} == told
        at = [one for one in (running, second, third, fourth) if store.job(one)]
        assert [jobs.job(one)["queue_place"] for one in at] == now
    reads: list[Any] = []
    monkeypatch.setattr(store, "waiting", reads.append)
    assert len(jobs.listing()["jobs"]) == 2
    assert reads == []
    store.close()


def test_two_hundred_stored_runs_are_listed_in_half_a_second(begin: Any, tmp_path: Path) -> None:
    from cosmodrome.web.store import Store

    store = Store(tmp_path / "store")
    for k in range(200):
        ident = f"{k:012x}"
        question = {"vehicle": "angara-1.2", "site": "vostochny", "orbit": f"{200 + k} km 60 deg"}
        row = {"id": ident, "kind": "plan", "title": f"run {k} of electron", "state": "done",
               "question": question, "command": f"cosmodrome plan x{k}", "created": 1e9 + k,
               "tries": 1, "started": 1e9, "ended": 1e9 + 1, "outcome": "optimal",
               "summary": {"payload_kg": float(k)}}  # fmt: skip
        store.add_job(row)
        for name in ("result.json", "report.html", "mission.toml", "trajectory.parquet"):
            (store.run_folder(ident) / name).write_bytes(b"x")
    store.close()
    client = begin(tmp_path / "store")
    client.get("/api/v1/jobs?limit=1")
    began = time.monotonic()
    found = client.get("/api/v1/jobs?limit=200").json
    assert time.monotonic() - began < 0.5
    assert found["total"] == len(found["jobs"]) == 200
    assert found["jobs"][0]["title"] == "run 199 of electron"
    some = client.get("/api/v1/jobs?search=RUN%20199&limit=10").json
    assert [one["title"] for one in some["jobs"]] == ["run 199 of electron"]
    assert client.get("/api/v1/jobs?offset=190&limit=50").json["jobs"][-1]["id"] == f"{0:012x}"
    assert client.get("/api/v1/jobs?state=failed").json["total"] == 0


def test_a_job_that_takes_too_long_is_ended(begin: Any, tmp_path: Path) -> None:
    client = begin(tmp_path / "store", {"job_s": 1.5})
    found = client.done("map", **LONG)
    assert found["state"] == "failed"
    assert found["error"]["kind"] == "too_long"


def test_a_full_queue_says_so(begin: Any, tmp_path: Path) -> None:
    client = begin(tmp_path / "store", {"open_jobs": 2, "stored_jobs": 3})
    ids = [client.add("map", **LONG)["id"] for _ in range(2)]
    reply = client.post("/api/v1/jobs", {"kind": "map", "question": LONG})
    assert reply.status == 503
    assert reply.headers["retry-after"] == "1"
    for ident in ids:
        client.post(f"/api/v1/jobs/{ident}/stop")
    assert client.add("map", **LONG)
    assert client.post("/api/v1/jobs", {"kind": "map", "question": LONG}).status == 503
