"""`cosmodrome serve`: one address on standard output, refusals by name, an end without remains."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cosmodrome.cli.app import Doors
from cosmodrome.cli.serve import serve

HEAVY = ("fastapi", "uvicorn", "pydantic", "cosmodrome.web")
START = (
    "from cosmodrome.cli.app import Doors; from cosmodrome.cli.serve import serve; "
    "group = Doors(name='cosmodrome'); group.add_command(serve); group.main()"
)


COME = """
import os, socket, sys
from pathlib import Path
from cosmodrome.web.serving import Asked, serve

def told(address, remark):
    socket.create_connection(("127.0.0.1", int(address.split(":")[2].split("/")[0])), 10).close()
    print("open", flush=True)
    os.kill(os.getpid(), 2)

serve(Asked(port=0, store=Path(sys.argv[1]), warm=False), told)
"""


def run(*words: str, **variables: str) -> Any:
    group = Doors(name="cosmodrome")
    group.add_command(serve)
    return CliRunner().invoke(group, ["serve", *words], env=variables)


def test_the_command_loads_no_server_before_it_serves() -> None:
    program = (
        "import sys; import cosmodrome.cli.serve; "
        f"print(*[one for one in {HEAVY!r} if one in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stdout.split() == []


def test_beyond_loopback_it_is_refused_by_name(tmp_path: Path) -> None:
    found = run("--host", "0.0.0.0", "--store", str(tmp_path))  # noqa: S104 - refused
    assert found.exit_code == 2
    assert "--password-file" in found.output
    secret = tmp_path / "secret.txt"
    for text in ("", "\n", "short\n"):
        secret.write_text(text)
        found = run("--port", "0", "--password-file", str(secret), "--store", str(tmp_path))
        assert found.exit_code == 2
    found = run("--password-file", str(tmp_path / "none"), "--store", str(tmp_path))
    assert found.exit_code == 2
    assert "no such file" in found.output


def test_where_it_is_is_said_once_somebody_can_come_in(tmp_path: Path) -> None:
    """Whoever hears the address and comes at once is let in; before, the door was still shut."""
    found = subprocess.run(
        [sys.executable, "-c", COME, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert found.stdout == "open\n", found.stderr


def test_the_catalogue_comes_before_anything_that_takes_long() -> None:
    """The page's form and globe wait for it: not for what plans, nor for a flight planned ahead."""
    program = (
        "import sys; from cosmodrome.web.known import catalogue; catalogue(); "
        "print(*[one for one in ('casadi', 'pandas', 'pyarrow', 'plotly') if one in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stdout.split() == []
    parent = subprocess.run(
        [sys.executable, "-m", "cosmodrome.web.parent"],
        input="",
        capture_output=True,
        text=True,
        check=True,
    )
    first, *others = map(json.loads, parent.stdout.splitlines())
    assert {one["name"] for one in first["catalogue"]["vehicles"]} >= {"angara-1.2", "electron"}
    assert others == [{"ready": True}]


@pytest.mark.parametrize("host", ["300.1.1.1", "192.0.2.1"])
def test_an_address_that_is_not_ours_is_refused(tmp_path: Path, host: str) -> None:
    found = run("--host", host, "--store", str(tmp_path), COSMODROME_PASSWORD="long enough")  # noqa: S106
    assert found.exit_code == 2
    assert "cannot be listened at" in found.output


def test_a_store_that_cannot_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    found = run("--port", "0", "--store", str(tmp_path / "file"))
    assert found.exit_code == 2
    assert "store" in found.output


def test_it_prints_its_address_and_ends_with_an_interrupt(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", START, "serve", "--port", "0", "--store", str(tmp_path / "s")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1:")
    token = address.rpartition("?token=")[2]
    assert len(token) >= 32
    port = int(address.split(":")[2].partition("/")[0])
    ends, status = time.monotonic() + 30.0, 0
    while time.monotonic() < ends and status != 200:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", f"/?token={token}")
            status = connection.getresponse().status
            connection.close()
        except OSError:
            time.sleep(0.05)
    assert status == 200
    os.kill(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode in (0, 130)
    assert "runs are kept" in said
    assert "Traceback" not in said
