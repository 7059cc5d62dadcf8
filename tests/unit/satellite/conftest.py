"""The example spacecraft, its orbit and its epoch."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.satellite.flown_orbit import FlownOrbit, flown_orbit
from cosmodrome.satellite.spacecraft import Spacecraft
from cosmodrome.satellite.spacecraft_file import load_spacecraft
from cosmodrome.world.epoch import Epoch


@pytest.fixture(scope="session")
def example(repository: Path) -> Path:
    return repository / "examples" / "satellites" / "earth-observer.toml"


@pytest.fixture(scope="session")
def craft(example: Path) -> Spacecraft:
    return load_spacecraft(example)


@pytest.fixture(scope="session")
def epoch() -> Epoch:
    return Epoch.parse("2027-03-20T12:00:00Z")


@pytest.fixture(scope="session")
def orbit(epoch: Epoch) -> FlownOrbit:
    return flown_orbit(parse_orbit("sso 500 km ltan 10:30"), epoch)
