"""What a hostile or careless caller may send: refused or bounded, the server alive, all kept."""

from __future__ import annotations

import json
import random
import socket
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.errors import InputError
from cosmodrome.web.limits import Limits
from cosmodrome.web.uploads import ENDINGS, checked_toml, safe_name

MISSION = '[mission]\nvehicle = "electron"\nsite = "mahia"\norbit = "sso 500 km"\n'
WHERE_WE_ARE = str(Path(__file__).resolve().parents[3])


def refused(reply: Any, *statuses: int) -> dict[str, Any]:
    """The refusal, which says what to do and nothing of where we are."""
    assert reply.status in statuses, (reply.status, reply.body[:300])
    text = reply.body.decode()
    for secret in ("Traceback", WHERE_WE_ARE, "site-packages", "/tmp/", ".py"):  # noqa: S108
        assert secret not in text, text[:500]
    error: dict[str, Any] = reply.error
    assert error["message"]
    return error


def test_a_body_of_a_hundred_megabytes_is_refused_before_it_is_read(server: Any) -> None:
    head = (
        "POST /api/v1/jobs HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        "Authorization: Bearer a-token-for-tests\r\nContent-Type: application/json\r\n{length}\r\n"
    )
    for length in ("Content-Length: 104857600\r\n", "Transfer-Encoding: chunked\r\n"):
        with socket.create_connection(("127.0.0.1", server.port), timeout=20.0) as line:
            line.sendall(head.format(port=server.port, length=length).encode())
            sent = 0
            try:
                while sent < 100 * 2**20:
                    line.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")
                    sent += 65536
            except OSError:
                pass  # it has hung up
            assert sent < 16 * 2**20
    assert server.alive()


def test_a_large_body_gets_its_answer(server: Any) -> None:
    body = json.dumps({"kind": "plan", "title": "x" * 300_000}).encode()
    assert refused(server.post("/api/v1/jobs", body), 413)["kind"] == "too_large"
    text = "x" * (Limits().file_bytes + 1)
    refused(server.hand_in("large.csv", text), 413)
    assert server.alive()


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * 10_000 + "]" * 10_000,
        "x = " + "{a = " * 10_000 + "1" + "}" * 10_000,
        ".".join(["a"] * 100_000) + " = 1",
        "[" + ".".join(["a"] * 100_000) + "]",
        "[[" + ".".join(["a"] * 10_000) + "]]",
        "x = {" + ".".join(["a"] * 10_000) + " = 1}",
        "\n".join(f"[{'a.' * 11}b{k}]" for k in range(5000)),
        "x = [" + "1," * 100_000 + "]",
        "x = " + "9" * 100_000,
        'x = "' + "a" * 900_000,
        "\x00" * 1000,
        "x = 1\n" * 10,
        MISSION + "a = 1",
    ],
    ids=lambda text: text[:12],
)
def test_a_file_that_nobody_writes_is_refused(server: Any, text: str) -> None:
    began = time.monotonic()
    error = refused(server.hand_in("mission.toml", text), 400, 413)
    assert time.monotonic() - began < 15.0
    assert error["file"] == "mission.toml"
    assert server.alive()


def stages(count: int) -> str:
    one = '[stages.s{k}]\nname = "s"\npropellant_kg = 1000\ndry_kg = 100\nthrust_vac_n = 1e5\n'
    parts = "".join(one.format(k=k) + "isp_vac_s = 300\n" for k in range(count))
    return 'name = "tall"\ntitle = "Tall"\nsource = "made for a test"\n' + parts


def test_a_vehicle_of_ten_thousand_stages_is_refused(server: Any) -> None:
    error = refused(server.hand_in("tall.toml", stages(10_000)), 400)
    assert "10000" in error["message"] or "holds too much" in error["message"]
    error = refused(server.hand_in("tall.toml", stages(21)), 400)
    assert error["key"] == "stages"
    assert error["value"] == "21"


@pytest.mark.parametrize(
    "mission",
    [
        MISSION.replace('"electron"', '"/etc/passwd.toml"'),
        MISSION.replace('"electron"', '"../../../x.TOML"'),
        MISSION.replace('"mahia"', '"../mahia.toml"'),
        MISSION.replace('vehicle = "electron"\n', "") + '[vehicle]\nextends = "../x.toml"\n',
        MISSION.replace('vehicle = "electron"\n', "")
        + '[vehicle.stages.a]\nuse = "stages/../../../../x"\n',
        MISSION + '[[limits.zones]]\npart = "first"\ninside = "../../secret"\n',
        MISSION + '[[limits.zones]]\npart = "first"\noutside = "zone.geojson"\n',
    ],
)
def test_a_file_from_outside_names_no_other_file(server: Any, mission: str) -> None:
    error = refused(server.hand_in("mission.toml", mission), 400)
    assert "another file" in error["message"]


def test_a_map_of_a_million_points_is_refused_at_once(server: Any) -> None:
    def ask(altitudes: str, inclinations: str, sites: int = 1) -> Any:
        names = ["vostochny", "plesetsk", "baikonur"][:sites]
        question = {"vehicle": "angara-1.2", "sites": names, "altitudes": altitudes,
                    "inclinations": inclinations}  # fmt: skip
        return server.post("/api/v1/jobs", {"kind": "map", "question": question})

    began = time.monotonic()
    refused(ask("200:1200:1", "0:180:0.18"), 400)
    assert "more than 500" in refused(ask("200:1e6:1e-9", "60"), 400)["message"]
    assert "300 orbits" not in refused(ask("200:300:1", "60:64:1"), 400)["message"]
    assert refused(ask("200:300:1", "60:63:1"), 400)["value"] == "404"
    assert time.monotonic() - began < 20.0
    assert server.get("/api/v1/jobs?kind=map&state=queued").json["total"] == 0


@pytest.mark.parametrize(
    ("kind", "question"),
    [
        ("plan", {"vehicle": "angara-1.2", "site": "vostochny", "orbit": "200 km 60 deg",
                  "interval": True, "samples": 100_000}),
        ("dropzones", {"run": "0" * 12, "samples": 200_000}),
        ("passes", {"orbit": "sso 500 km", "stations": ["svalbard"] * 100}),
        ("passes", {"orbit": "sso 500 km", "stations": ["svalbard"], "days": 3000.0}),
        ("propagate", {"orbit": "sso 500 km", "days": 100.0, "step_s": 0.001}),
        ("disperse", {"run": "0" * 12, "samples": 1_000_000}),
        ("disperse", {"run": "0" * 12, "payload_samples": 20_000}),
        ("coverage", {"orbit": "sso 500 km", "band": "-90:90", "spacing_deg": 0.01,
                      "swath_km": 1.0}),
        ("coverage", {"orbit": "sso 500 km", "band": "-60:60", "spacing_deg": 1.0,
                      "walker": "53:9999/3/1", "swath_km": 1.0}),
        ("coverage", {"orbit": "sso 500 km", "points": ["0,0"], "swath_km": 1.0, "days": 3000.0}),
        ("coverage", {"orbit": "550 km 53 deg", "points": ["0,0"], "walker": "53:9000/3/1",
                      "swath_km": 1.0, "days": 300.0}),
    ],
)  # fmt: skip
def test_more_than_one_server_takes_on_is_refused(
    server: Any, kind: str, question: dict[str, Any]
) -> None:
    refused(server.post("/api/v1/jobs", {"kind": kind, "question": question}), 400)


CLIMBS = [
    "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "....//etc", "%2e%2e/%2e%2e/secret",
    "/etc/passwd",
    "..\\..\\secret", "%5c..%5csecret", "x%00.toml", "a" * 5000, "%ff", "file:///etc/passwd",
    "\\\\host\\share", "~/.ssh/id_rsa", "con", ".", "..", "%2e", "secret", "jobs.sqlite",
    "in", ".end.json",
]  # fmt: skip
ROUTES = [
    "/{}", "/assets/{}", "/vendor/{}", "/api/v1/vehicles/{}", "/api/v1/sites/{}", "/api/v1/jobs/{}",
    "/api/v1/jobs/{}/result", "/api/v1/jobs/{}/trajectory", "/api/v1/jobs/FLOWN/files/{}",
    "/api/v1/jobs/FLOWN/export/{}", "/api/v1/jobs/{}/export/oem", "/api/v1/files/{}",
    "/api/v1/jobs?search={}", "/api/v1/jobs?kind={}", "/api/v1/jobs?state={}",
]  # fmt: skip


@pytest.mark.parametrize("route", ROUTES)
def test_no_address_climbs_out_of_the_store(server: Any, flown: dict[str, Any], route: str) -> None:
    for climb in CLIMBS:
        path = route.replace("FLOWN", flown["id"]).format(climb.replace(" ", "%20"))
        reply = server.get(path)
        assert reply.status in (200, 400, 404, 405, 409, 422), (path, reply.status)
        assert b"root:" not in reply.body
        if reply.status == 200:
            assert "?" in path, path
            assert all(WHERE_WE_ARE not in one["title"] for one in reply.json["jobs"])
        else:
            refused(reply, reply.status)


WORDS = ("../../x", "/etc/passwd", "x.toml", "a\x00b", "C:\\x", "..", "x\ny", "-" * 300)


@pytest.mark.parametrize("word", WORDS)
def test_no_word_of_a_question_is_a_path(server: Any, word: str) -> None:
    plan = {"vehicle": "angara-1.2", "site": "vostochny", "orbit": "200 km 60 deg"}
    asked: list[tuple[str, dict[str, Any]]] = [
        ("plan", plan | {key: word}) for key in ("vehicle", "site", "recovery", "epoch_utc")
    ]
    asked += [("plan", plan | {"keep_off": [{"part": "urm-1", "area": word}]})]
    asked += [("plan", plan | {"drop_inside": [{"part": word, "area": "China"}]})]
    asked += [("plan", {"mission": word}), ("plan", plan | {"vehicle_file": word})]
    asked += [("passes", {"orbit": "sso 500 km", "stations": [word]})]
    asked += [("passes", {key: word, "stations": ["svalbard"]}) for key in ("run", "file", "orbit")]
    asked += [("windows", {"site": word, "orbit": "sso 500 km"})]
    asked += [("windows", {"site": "mahia", "orbit": "sso 500 km", "node_curve": word})]
    asked += [("dropzones", {"run": "0" * 12, "wind": word})]
    asked += [("satellite", {"spacecraft": word, "orbit": "sso 500 km"})]
    asked += [("screen", {"orbit": "sso 500 km", "catalogue": word})]
    asked += [("screen", {"orbit": "sso 500 km", "catalogue": "0" * 12, "own_sigma": word})]
    seen = {"orbit": "sso 500 km", "swath_km": 100.0}
    asked += [("coverage", seen | {"area": word}), ("coverage", seen | {"band": word})]
    asked += [("coverage", seen | {"points": [word]})]
    asked += [("coverage", seen | {"points": ["0,0"], "walker": word})]
    asked += [("disperse", {"run": word}), ("disperse", {"run": "0" * 12, "sigmas": word})]
    for kind, question in asked:
        reply = server.post("/api/v1/jobs", {"kind": kind, "question": question})
        refused(reply, 400, 422)


def test_a_file_keeps_nothing_of_a_path_in_its_name(server: Any) -> None:
    reply = server.hand_in("../../../../tmp/evil/../x y.TOML", MISSION)
    assert reply.status == 201, reply.body
    assert reply.json["name"] == "x_y.toml"
    place = server.store / "files" / reply.json["id"]
    assert [one.name for one in place.iterdir()] == ["x_y.toml"]
    assert server.get(f"/api/v1/files/{reply.json['id']}").body.decode() == MISSION
    assert server.delete(f"/api/v1/files/{reply.json['id']}", confirmed=False).status == 428
    assert server.delete(f"/api/v1/files/{reply.json['id']}").status == 204
    for name in ("x.exe", "x", ".toml", "/", "..", "x.toml/", "x.html", "x.svg"):
        refused(server.hand_in(name, MISSION), 400)


@given(st.text(max_size=120))
def test_a_safe_name_is_one_name(text: str) -> None:
    try:
        name = safe_name(text)
    except InputError:
        return
    assert Path(name).name == name
    assert not name.startswith((".", "-"))
    assert name.endswith(ENDINGS)
    assert name.isascii()
    assert safe_name(name) == name


@given(
    st.recursive(
        st.one_of(st.text(max_size=20), st.integers(-9, 9)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=4),
            st.dictionaries(st.sampled_from(["vehicle", "use", "inside", "stages", "x"]), inner),
        ),
        max_leaves=12,
    )
)
def test_whatever_a_file_holds_it_is_read_or_refused_by_name(value: Any) -> None:
    import tempfile

    import tomli_w

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.toml"
        path.write_bytes(tomli_w.dumps({"x": value}).encode("utf-8", "surrogatepass"))
        with suppress(InputError):  # anything else is a defect
            assert checked_toml(path) == {"x": value}


def test_bodies_are_bounded_together_too(begin: Any, tmp_path: Path) -> None:
    client = begin(tmp_path / "store", {"bodies_bytes": 100_000})
    assert refused(client.hand_in("m.toml", "#" * 200_000), 503)["kind"] == "busy"
    assert client.hand_in("m.toml", MISSION).status == 201  # and what was held is let go


def test_a_refusal_does_not_tell_where_the_store_is(tmp_path: Path) -> None:
    from cosmodrome.web.work import Place, _plain

    journal = tmp_path / "x.journal"
    error = InputError(f"journal {journal} is in use", file=str(journal), value=str(journal))
    told = _plain(error, Place(tmp_path, {}))
    assert told["message"] == "journal x.journal is in use"
    assert str(tmp_path) not in json.dumps(told)


def test_odd_requests_do_not_hurt(server: Any) -> None:
    lines = [
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1:1\r\nHost: 127.0.0.1:2\r\n\r\n",
        b"\x16\x03\x01" + b"\x00" * 200,
        b"GET " + b"/" * 100_000,
        b"GET /api/v1/session HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 20_000,
        b"PUT / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n\r\n12345",
        b"POST /api/v1/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -5\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        b"\r\n" * 1000,
    ]
    for line in lines:
        with socket.create_connection(("127.0.0.1", server.port), timeout=5.0) as connection:
            try:
                connection.sendall(line)
                connection.shutdown(socket.SHUT_WR)
                answer = connection.recv(65536)
            except OSError:
                continue
            assert b"Traceback" not in answer
            assert not answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 5"))
    broken = [b"", b"{", b"[" * 50_000, b'{"kind":"\\ud800"}', b"\xff\xfe", b"null", b"1e999"]
    for body in (*broken, b'{"kind": "plan", "title": 1' + b"0" * 5000 + b"}"):
        refused(server.post("/api/v1/jobs", body), 400, 422)
    assert server.alive()


def test_a_slow_reader_holds_nobody_up(server: Any) -> None:
    head = f"POST /api/v1/jobs HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
    head += "Authorization: Bearer a-token-for-tests\r\nContent-Length: 1000\r\n\r\n{"
    lines = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(50)]
    try:
        for line in lines:
            line.sendall(head.encode())
        began = time.monotonic()
        assert server.get("/api/v1/session").status == 200
        assert time.monotonic() - began < 5.0
    finally:
        for line in lines:
            line.close()


def crowd(client: Any, seconds: float) -> tuple[Counter[int], list[str]]:
    """Twenty clients at once, each doing one thing after another; statuses, and jobs made."""
    ends, statuses, made = time.monotonic() + seconds, Counter[int](), []
    guard = threading.Lock()
    question = {"orbit": "sso 500 km", "days": 0.2}

    def visit(number: int) -> None:
        chance = random.Random(number)  # noqa: S311 - which thing comes next
        while time.monotonic() < ends:
            reply = chance.choice(
                [
                    lambda: client.get("/api/v1/jobs?limit=20"),
                    lambda: client.get("/api/v1/vehicles"),
                    lambda: client.get("/api/v1/changes?wait_s=1"),
                    lambda: client.post("/api/v1/orbit", {"orbit": "200 km 51.7 deg"}),
                    lambda: client.post("/api/v1/jobs", {"kind": "eclipses", "question": question}),
                    lambda: client.post("/api/v1/jobs", {"kind": "plan", "question": {}}),
                    lambda: client.hand_in("m.toml", MISSION + f"# {number}\n"),
                ]
            )()
            with guard:
                statuses[reply.status] += 1
                if reply.status == 201 and "kind" in reply.json:
                    made.append(reply.json["id"])

    visitors = [threading.Thread(target=visit, args=(k,)) for k in range(20)]
    for one in visitors:
        one.start()
    for one in visitors:
        one.join()
    return statuses, made


@pytest.mark.parametrize("seconds", [2.0, pytest.param(60.0, marks=pytest.mark.slow)])
def test_twenty_clients_at_once_lose_nothing(begin: Any, tmp_path: Path, seconds: float) -> None:
    client = begin(tmp_path / "store", {"open_jobs": 60})
    client.get("/api/v1/vehicles")
    statuses, made = crowd(client, seconds)
    assert set(statuses) <= {200, 201, 422, 503}, statuses
    assert statuses[200] > 20
    assert made
    assert client.alive()
    for ident in made:
        found = client.until(ident, lambda one: one["state"] not in ("queued", "running"), 240.0)
        assert found["state"] == "done", found["error"]
    assert client.get("/api/v1/jobs?limit=1").json["total"] == len(made)
    assert not list((tmp_path / "store" / "desk").iterdir())
