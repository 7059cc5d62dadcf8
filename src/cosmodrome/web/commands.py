"""What to type for the same answer: a question as a command line, and as a title."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cosmodrome.prompt.command import OPTIONS as TYPED
from cosmodrome.report.words import quoted
from cosmodrome.web.questions import KINDS

__all__ = ["OPTIONS", "command_of", "field_of", "title_of"]

_VEHICLE: Final = {
    field: TYPED[field] for field in ("riders", "recovery", "reserve_m_s", "disposal_m_s")
}
_SOURCE: Final = {
    "orbit": "--orbit",
    "file": "--file",
    "epoch_utc": "--epoch",
    "satellites": "--satellite",
}
_FOLLOWED: Final = _SOURCE | {
    "start_utc": "--start",
    "days": "--days",
    "method": "--method",
    "drag_m2_kg": "--drag",
}
_FALLS: Final = {"samples": "--samples", "seed": "--seed", "wind": "--wind"}

OPTIONS: Final[dict[str, dict[str, str]]] = {
    "plan": {field: TYPED[field] for field in TYPED if field in KINDS["plan"].model_fields},
    "check": {
        "site": "--from",
        "orbit": "--to",
        "payload_kg": "--payload",
        **_VEHICLE,
        "includes_adapter": "--includes-adapter",
    },
    "map": {
        "sites": "--from",
        "altitudes": "--altitudes",
        "inclinations": "--inclinations",
        **_VEHICLE,
    },
    "passes": _FOLLOWED
    | {
        "stations": "--station",
        "min_elevation_deg": "--min-elevation",
        "frequency_mhz": "--frequency",
    },
    "eclipses": _FOLLOWED
    | {"profile_days": "--profile", "apparent": "--apparent", "oblate": "--oblate"},
    "propagate": _FOLLOWED | {"frame": "--frame", "step_s": "--step"},
    "coverage": _FOLLOWED
    | {
        "band": "--band",
        "points": "--point",
        "area": "--area",
        "spacing_deg": "--spacing",
        "swath_km": "--swath",
        "half_angle_deg": "--half-angle",
        "min_elevation_deg": "--min-elevation",
        "walker": "--walker",
        "star": "--star",
    },
    "repeat": {
        "days": "--days",
        "altitude_km": "--altitude",
        "within_km": "--within",
        "inclination_deg": "--inclination",
        "circular": "--circular",
    },
    "lifetime": _SOURCE
    | {
        "mass_kg": "--mass",
        "area_m2": "--area",
        "box": "--box",
        "panels_m2": "--panels",
        "drag_coefficient": "--drag-coefficient",
        "isp_s": "--isp",
        "probability": "--probability",
        "samples": "--samples",
        "seed": "--seed",
    },
    "satellite": {"orbit": "--orbit", "epoch_utc": "--epoch", "vehicles": "--vehicles"},
    "dropzones": _FALLS,
    "hazard": _FALLS
    | {
        "overlap": "--overlap",
        "epoch_utc": "--epoch",
        "minutes": "--minutes",
        "probability": "--probability",
    },
    "casualty": {"vehicle_class": "--class", "phases": "--phase"},
    "disperse": {
        "samples": "--samples",
        "payload_samples": "--payload-samples",
        "seed": "--seed",
        "method": "--method",
        "sigmas": "--sigmas",
        "perigee_sigma_km": "--perigee-sigma-km",
        "apogee_sigma_km": "--apogee-sigma-km",
        "inclination_sigma_deg": "--inclination-sigma-deg",
    },
    "windows": {
        "site": "--from",
        "orbit": "--to",
        "raan_deg": "--raan",
        "ltan": "--ltan",
        "ltdn": "--ltdn",
        "plane_of": "--plane-of",
        "satellite": "--satellite",
        "meet_days": "--meet-days",
        "start_utc": "--start",
        "days": "--days",
        "leg": "--leg",
        "any_azimuth": "--any-azimuth",
        "daylight": "--daylight",
        "beta_min_deg": "--beta-min",
        "beta_max_deg": "--beta-max",
        "eclipse_max_percent": "--eclipse-max",
        "first_days": "--first-days",
        "phase_deg": "--phase",
        "payload_kg": "--width-payload",
        "node_curve": "--node-curve",
    },
    "screen": _SOURCE
    | {
        "catalogue": "--catalogue",
        "start_utc": "--start",
        "minutes": "--minutes",
        "orbits": "--orbits",
        "keep_out_km": "--keep-out",
        "crewed_km": "--keep-out-crewed",
        "crewed": "--crewed",
        "leave_out": "--leave-out",
        "within_km": "--within",
        "own_sigma": "--own-sigma",
        "catalogue_sigma": "--catalogue-sigma",
        "hard_body_m": "--hard-body",
        "method": "--method",
    },
}
"""Options of the command line by kind and field; a test holds them against the commands."""

_LISTS: Final = {"sites": ",", "vehicles": ",", "crewed": ",", "leave_out": ",", "phase_deg": ":"}
"""What stands in one word on the command line, and what between its parts."""


def command_of(kind: str, question: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """The command that asks the same, as one would type it.

    Parameters
    ----------
    kind : str
    question : mapping, as `questions.KINDS` has it, in plain values
    names : mapping, what a file's id stands for

    Returns
    -------
    str
        A run is named by its id, a file by its name.
    """
    subject = next(
        (
            str(question[key])
            for key in ("mission", "vehicle_file", "vehicle", "spacecraft", "run")
            if question.get(key)
        ),
        None,
    )
    words = ["cosmodrome", kind] + ([names.get(subject, subject)] if subject else [])
    for field, option in OPTIONS[kind].items():
        value = question.get(field)
        usual = KINDS[kind].model_fields[field].default
        if value is None or value is False or value in ((), []) or value == usual:
            continue
        words += _said(field, option, value, names)
    if kind == "satellite" and not question.get("build", True):
        words.append("--no-build")
    return " ".join(quoted(word) for word in words)


def field_of(kind: str, key: str | None) -> str | None:
    """The field that a refusal is about, where it names the option of the command line.

    Parameters
    ----------
    kind : str
    key : str or None, as of `errors.InputError`
    """
    if key == "RUN":
        return "run"
    return next((field for field, option in OPTIONS[kind].items() if option == key), key)


def _said(field: str, option: str, value: Any, names: Mapping[str, str]) -> list[str]:
    if value is True:
        return [option]
    if field in _LISTS:
        return [option, _LISTS[field].join(_plain(one, names) for one in value)]
    if isinstance(value, list | tuple):
        return [word for one in value for word in (option, _plain(one, names))]
    return [option, _plain(value, names)]


def _plain(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, Mapping):  # a zone
        area = value.get("area") or names.get(value.get("file") or "", "")
        return f"{value['part']}={area}" if value.get("part") else str(area)
    if isinstance(value, float):
        return f"{value:.15g}"
    return names.get(str(value), str(value))


_TOLD: Final = (
    "mission", "vehicle", "vehicle_file", "spacecraft", "site", "sites", "orbit",
    "altitudes", "inclinations", "file", "run", "plane_of",
    "catalogue", "band", "points", "area", "days", "altitude_km",
    "payload_kg",
)  # fmt: skip


def title_of(kind: str, question: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """A question in a few words, for a list.

    Parameters
    ----------
    kind, question, names : as of `command_of`
    """
    said = []
    for key in _TOLD:
        value = question.get(key)
        if value is None or value == ():
            continue
        many = isinstance(value, list | tuple)
        text = ", ".join(map(str, value)) if many else _plain(value, names)
        unit = {
            "payload_kg": " kg",
            "altitudes": " km",
            "inclinations": " deg",
            "band": " deg",
            "days": " d",
            "altitude_km": " km",
        }.get(key, "")
        said.append(("run " if key == "run" else "") + text + unit)
    return ", ".join(said)[:200] or kind
