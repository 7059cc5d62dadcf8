"""A whole Monte Carlo, payloads and all: serial, parallel, killed, on a cluster: one answer."""

from __future__ import annotations

import os
import signal
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cosmodrome.campaign import PlanOptions, plan_mission
from cosmodrome.campaign.disperse import DispersionQuestion, Hands
from cosmodrome.mission.catalogue import load_site, load_vehicle
from cosmodrome.mission.mission_file import make_mission
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.prompt.disperse import Dispersions, dispersions, samples_file
from cosmodrome.report.as_json import json_text

KILLS = 20


def asked() -> DispersionQuestion:
    orbit = parse_orbit("200 km 51.7 deg")
    mission = make_mission(load_vehicle("angara-1.2"), load_site("vostochny"), orbit)
    plan = plan_mission(mission, PlanOptions(alternatives=False, partials=False)).plan
    assert plan is not None
    return DispersionQuestion(mission, plan, samples=500, payload_samples=40, seed=3)


def bytes_of(found: Dispersions) -> bytes:
    """Everything a run gives: the document and the table."""
    return json_text(found.document).encode() + samples_file(found)


def killed(task: Callable[[], object], after_s: float) -> None:
    """The task in a process of its own that is killed after a while."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        try:
            task()
        finally:
            os._exit(0)
    time.sleep(after_s)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_serial_parallel_killed_and_on_a_cluster_are_the_same_to_the_byte(
    machines: Any, tmp_path: Path
) -> None:
    pytest.importorskip("distributed")
    question = asked()
    whole = bytes_of(dispersions(question, Hands(workers=1)))
    assert bytes_of(dispersions(question, Hands(workers=2))) == whole

    hands = Hands(workers=2, journal=tmp_path / "journal")
    for after_s in np.random.default_rng(5).uniform(0.2, 8.0, KILLS):
        killed(lambda: dispersions(question, hands), float(after_s))
    assert bytes_of(dispersions(question, hands)) == whole

    def kill_one(_text: str, share: float) -> None:
        if share > 0.4 and machines.processes[-1].poll() is None:
            machines.processes[-1].kill()

    there = dispersions(question, Hands(cluster=machines.address), progress=kill_one)
    machines.start_worker()
    assert bytes_of(there) == whole
