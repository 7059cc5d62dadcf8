"""The command that is shown asks the same as the page did: the command line itself reads it."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from cosmodrome.cli.app import main
from cosmodrome.web.commands import OPTIONS, command_of, title_of
from cosmodrome.web.questions import KINDS, Plan, files_in

FILE, RUN = "0123456789ab", "ba9876543210"
NAMES = {FILE: "my file.toml"}
PLAIN = {"vehicle": "angara-1.2", "site": "vostochny", "orbit": "200 km 51.7 deg"}
ZONE = {"part": "urm-1", "area": "China", "file": None}
ASKED: dict[str, dict[str, Any]] = {
    "plan": {
        "vehicle": "angara-1.2", "site": "vostochny", "orbit": "200 km 51.7 deg",
        "payload_kg": 1234.5, "epoch_utc": "2027-03-20T12:00:00Z", "riders": "all",
        "recovery": "barge", "reserve_m_s": 50.0, "disposal_m_s": 0.0,
        "drop_inside": [ZONE], "keep_off": [ZONE | {"part": None, "area": None, "file": FILE}],
        "zone_margin_km": 5.0, "interval": True, "samples": 50, "seed": 7,
        "position_tolerance_m": 10.0, "velocity_tolerance_m_s": 0.05, "mesh_check": True,
        "other_starts": True,
    },
    "check": {
        "vehicle": "electron", "site": "mahia", "orbit": "sso 500 km", "payload_kg": 200.0,
        "riders": "none", "recovery": "x", "reserve_m_s": 1.0, "disposal_m_s": 2.0,
        "includes_adapter": "yes",
    },
    "map": {
        "vehicle": "electron", "sites": ["mahia", "wallops/lc-2"], "altitudes": "300:700:100",
        "inclinations": "40:98:10", "riders": "none", "recovery": "x", "reserve_m_s": 1.0,
        "disposal_m_s": 2.0,
    },
    "passes": {
        "orbit": "sso 500 km", "epoch_utc": "2027-03-20T12:00:00Z",
        "start_utc": "2027-03-21T00:00:00Z",
        "days": 2.0, "method": "numerical", "drag_m2_kg": 0.02,
        "stations": ["svalbard", "37.94,-75.47,10"], "min_elevation_deg": 5.0,
        "frequency_mhz": 2200.0,
    },
    "eclipses": {
        "file": FILE, "satellites": ["A", "B C"], "profile_days": 14.0, "apparent": True,
        "oblate": True,
    },
    "propagate": {"run": RUN, "frame": "ITRF", "step_s": 10.0},
    "coverage": {
        "orbit": "550 km 53 deg", "days": 2.0, "band": "-60:60", "points": ["55.75,37.62", "0,10"],
        "area": FILE, "spacing_deg": 10.0, "swath_km": 200.0, "half_angle_deg": 30.0,
        "min_elevation_deg": 25.0, "walker": "53:24/3/1", "star": True,
    },
    "repeat": {
        "days": 16, "altitude_km": 700.0, "within_km": 30.0, "inclination_deg": 53.0,
        "circular": True,
    },
    "lifetime": {
        "orbit": "sso 500 km", "mass_kg": 120.0, "area_m2": 1.1, "box": "1x1x1", "panels_m2": 2.0,
        "drag_coefficient": 2.0, "isp_s": 220.0, "probability": 0.5, "samples": 50, "seed": 3,
    },
    "satellite": {
        "spacecraft": FILE, "orbit": "sso 500 km", "epoch_utc": "2028-01-01T00:00:00Z",
        "vehicles": ["electron", "vega-c"], "build": False,
    },
    "dropzones": {"run": RUN, "samples": 100, "seed": 3, "wind": FILE},
    "hazard": {
        "run": RUN, "samples": 100, "seed": 3, "wind": FILE, "overlap": FILE,
        "epoch_utc": "2027-04-01T03:00:00Z", "minutes": 30.0, "probability": 0.5,
    },
    "casualty": {"run": RUN, "vehicle_class": "small", "phases": ["urm-1=0.02", "urm-2=0.03"]},
    "disperse": {
        "run": RUN, "samples": 100, "payload_samples": 20, "seed": 7, "method": "sobol",
        "sigmas": FILE, "perigee_sigma_km": 5.0, "apogee_sigma_km": 7.0,
        "inclination_sigma_deg": 0.05,
    },
    "windows": {
        "site": "mahia", "orbit": "sso 500 km", "raan_deg": -20.0, "ltan": "10:30",
        "ltdn": "22:30", "plane_of": FILE, "satellite": "A", "meet_days": 3.0,
        "start_utc": "2027-03-21T00:00:00Z", "days": 2.0, "leg": "ascending",
        "any_azimuth": True, "daylight": ["day", "civil"], "beta_min_deg": 1.0,
        "beta_max_deg": 60.0, "eclipse_max_percent": 30.0, "first_days": 5,
        "phase_deg": [350.0, 20.0], "payload_kg": 100.0, "node_curve": FILE,
    },
    "screen": {
        "run": RUN, "catalogue": FILE, "start_utc": "2027-03-21T00:00:00Z", "minutes": 60.0,
        "orbits": 2.0, "keep_out_km": 5.0, "crewed_km": 100.0, "crewed": [25544, 48274],
        "leave_out": [1, 2], "within_km": 3.0, "own_sigma": "100,500,100",
        "catalogue_sigma": "1000,5000,1000", "hard_body_m": 5.0, "method": "sgp4",
    },
}  # fmt: skip
RENAMED = {
    "vehicle_class": "kind", "plane_of": "file", "phase_deg": "phase", "file": "file",
    "payload_kg": "payload_kg",
}  # fmt: skip


def read(command: str) -> tuple[str, dict[str, Any]]:
    """What the command line makes of a command."""
    name, *words = shlex.split(command)[1:]
    found = main.commands[name]
    return name, found.make_context(name, words).params


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_command_line_reads_back_what_was_asked(kind: str) -> None:
    question = KINDS[kind].model_construct(**ASKED[kind]).model_dump(warnings=False)
    name, read_back = read(command_of(kind, question, NAMES))
    assert name == kind
    for field in OPTIONS[kind]:
        if question.get(field) in (None, (), []) or field not in ASKED[kind]:
            continue
        value, said = question[field], read_back[RENAMED.get(field, field)]
        if field in ("drop_inside", "keep_off"):
            value = tuple(
                f"{one['part']}=" * bool(one["part"]) + (one["area"] or NAMES[one["file"]])
                for one in value
            )
        elif field in ("sites", "vehicles", "crewed", "leave_out"):
            value = ",".join(map(str, value))
        elif field == "phase_deg":
            value = "350:20"
        elif value == FILE:
            value = NAMES[FILE]
        elif isinstance(value, list):
            value = tuple(value)
        assert said == value, field


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_field_is_said_and_every_option_is_there(kind: str) -> None:
    fields = set(KINDS[kind].model_fields)
    spoken = set(OPTIONS[kind]) | {
        "vehicle", "vehicle_file", "mission", "run", "spacecraft", "build",
    }  # fmt: skip
    assert fields <= spoken
    assert set(ASKED[kind]) <= fields
    options = {word for one in main.commands[kind].params for word in one.opts}
    assert set(OPTIONS[kind].values()) <= options


def test_what_is_not_said_is_not_said() -> None:
    plain = Plan.model_validate(PLAIN)
    told = 'cosmodrome plan angara-1.2 --from vostochny --to "200 km 51.7 deg"'
    assert command_of("plan", plain.model_dump(), {}) == told
    assert title_of("plan", plain.model_dump(), {}) == "angara-1.2, vostochny, 200 km 51.7 deg"


def test_nothing_that_is_asked_can_end_a_word_in_a_shell() -> None:
    orbit = "x\"; rm -rf ~ $(id) `id` \\ ' !"
    question = Plan.model_validate(PLAIN | {"orbit": orbit})
    words = shlex.split(command_of("plan", question.model_dump(), {}))
    assert words[-1] == orbit


def test_a_file_that_is_named_anywhere_is_found() -> None:
    named = {
        key
        for kind, asked in ASKED.items()
        for key, value in asked.items()
        if value == FILE and files_in({key: value}) != [FILE]
    }
    assert named == set()
