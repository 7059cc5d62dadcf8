"""The ephemeris file stays open for the life of a process, and nobody is warned of it."""

import subprocess
import sys

ASK = """
from cosmodrome.world.ephemeris import sun_m
from cosmodrome.world.epoch import Epoch
assert sun_m(Epoch.parse("2026-01-01T00:00:00Z"), 0.0).shape == (1, 3)
"""


def test_nothing_is_said_at_the_end() -> None:
    words = [sys.executable, "-W", "always::ResourceWarning", "-c", ASK]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stderr == ""
