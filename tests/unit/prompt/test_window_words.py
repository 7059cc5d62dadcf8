"""The words of a launch window without a command line."""

from typing import Any

import pytest

from cosmodrome.errors import InputError
from cosmodrome.prompt.window_words import angle_of, plane_asked, wishes_asked

PLANE = dict.fromkeys(("raan_deg", "ltan", "ltdn", "file", "satellite", "meet_days"))
WISHES: dict[str, Any] = {
    **dict.fromkeys(("leg", "beta_min_deg", "beta_max_deg", "eclipse_max_percent", "phase")),
    **dict.fromkeys(("payload_kg", "node_curve")),
    "any_azimuth": False,
    "daylight": ("day",),
    "first_days": 3,
}


def test_what_was_said_is_kept() -> None:
    assert plane_asked(PLANE | {"ltan": "10:30"}).ltan == "10:30"
    found = wishes_asked(WISHES | {"phase": "350:20", "beta_min_deg": 10.0})
    assert found.phase_deg == (350.0, 20.0)
    assert (found.beta_min_deg, found.daylight) == (10.0, ("day",))


@pytest.mark.parametrize("text", ["", "nan", "361", "-360.1", "east"])
def test_what_is_no_angle_is_refused_by_its_option(text: str) -> None:
    with pytest.raises(InputError) as refused:
        angle_of(text, "--raan")
    assert refused.value.key == "--raan"


def test_words_that_do_not_go_together_are_refused() -> None:
    with pytest.raises(InputError, match="chosen from a file"):
        plane_asked(PLANE | {"satellite": "ISS"})
    with pytest.raises(InputError, match="between these two"):
        wishes_asked(WISHES | {"beta_min_deg": 20.0, "beta_max_deg": 10.0})
    with pytest.raises(InputError, match="no pair"):
        wishes_asked(WISHES | {"phase": "350"})
