"""Orbits as people write them: text to `Target`, `Target` to text and to fields.

Everything is read through one draft in door units (km, deg, hours), so that a
text and a mission file's fields meet the same checks.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NoReturn

from cosmodrome.errors import InputError
from cosmodrome.mission.nouns import Target
from cosmodrome.mission.orbit_build import (
    GTO_KM,
    HIGHEST_KM,
    LOWEST_KM,
    PARKING_KM,
    Earth,
    build,
    sso_inclination,
)
from cosmodrome.mission.orbit_words import (
    VOCABULARY,
    Draft,
    Refusal,
    clock_hours,
    plain,
    read_draft,
)

__all__ = ["FORMS", "describe", "from_fields", "parse_orbit", "to_fields"]

FORMS = (
    "200 km 51.7 deg",
    "185x35786 km 27 deg",
    "185x35786 km 27 deg argp 180 raan 120",
    "500 km 97.4 deg mean",
    "sso 500 km",
    "sso 500 km ltan 10:30",
    "polar 600 km",
    "gto",
    "escape c3 10",
    "escape c3 10 dla 20",
)
_ALLOWED = "; ".join(FORMS)
_RADIUS_M, _MU, _J2 = 6378137.0, 3.986004418e14, 1.08262982131e-3  # WGS-84


def parse_orbit(
    text: str,
    *,
    equatorial_radius_m: float = _RADIUS_M,
    mu_m3_s2: float = _MU,
    j2: float = _J2,
) -> Target:
    """Read an orbit as people write it.

    Case, spacing and units (`km`, `deg`, `°`, `min`) may vary; altitudes are in
    km above `equatorial_radius_m`. The forms are those of `FORMS`; two equal
    altitudes make a circle. A sun-synchronous orbit is given by mean elements
    and gets its mean inclination from `mu_m3_s2` and `j2`, which serve nothing
    else. `least` in place of an inclination asks for the least a site reaches.

    Parameters
    ----------
    text : str
    equatorial_radius_m, mu_m3_s2, j2 : float, WGS-84 by default

    Returns
    -------
    Target

    Raises
    ------
    InputError
        For anything else: says what is wrong and the nearest readable form.

    Examples
    --------
    >>> parse_orbit("200 km 51.7 deg").perigee_radius_m
    6578137.0
    """
    earth = Earth(equatorial_radius_m, mu_m3_s2, j2)
    try:
        return build(read_draft(text), text, earth)
    except Refusal as refusal:
        message = f"cannot use the orbit {_short(text)!r}: {refusal.message}"
        hint = _nearest(text, refusal, earth)
    raise InputError(f"{message}; {hint}", key="orbit", value=text, allowed=_ALLOWED)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def _nearest(text: str, refusal: Refusal, earth: Earth) -> str:
    """A readable text close to the one refused."""
    levelled = plain(text[:200])
    for word in difflib.get_close_matches(refusal.word, VOCABULARY, 3, 0.6):
        mended = levelled.replace(refusal.word, word, 1)
        try:
            meant = _describe(build(read_draft(mended), mended, earth), earth)
        except Refusal:
            continue
        return f"did you mean '{meant}'?"
    kinds = ("sso", "polar", "gto", "escape")
    kind = next((k for k in kinds if k in levelled), "")
    alike = [form for form in FORMS if (form.split()[0] if form[0].isalpha() else "") == kind]
    nearest = difflib.get_close_matches(levelled.strip(), alike, 1, 0.0)
    return f"nearest form: '{nearest[0] if nearest else alike[0]}'"


# --- target to text and fields -----------------------------------------------


def _decimal(value: float, guess: float, forward: Callable[[float], float]) -> str:
    """The shortest decimal that `forward` turns into exactly `value`."""
    for digits in range(1, 18):
        written = f"{guess:.{digits}g}"
        if forward(float(written)) == value:
            return _plainly(written)
    near = guess
    for step in (math.inf, -math.inf):
        near = guess
        for _ in range(8):
            near = math.nextafter(near, step)
            if forward(near) == value:
                return _plainly(repr(near))
    return _plainly(repr(guess))


def _plainly(written: str) -> str:
    text = format(Decimal(written), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _degrees(angle_rad: float) -> str:
    whole = angle_rad + 0.0  # minus zero has no text of its own
    return _decimal(whole, math.degrees(whole), math.radians)


def _altitude(radius_m: float, earth: Earth) -> str:
    guess = (radius_m - earth.radius_m) / 1e3
    return _decimal(radius_m, guess, lambda km: earth.radius_m + 1e3 * km)


def _energy(c3_m2_s2: float) -> str:
    return _decimal(c3_m2_s2, c3_m2_s2 / 1e6, lambda c3: 1e6 * c3)


def _clock(hours: float) -> str:
    whole, minute = divmod(round(hours * 60.0), 60)
    to_minute = f"{whole:02d}:{minute:02d}"
    if clock_hours(to_minute) == hours:
        return to_minute
    total, milliseconds = divmod(round(hours * 3.6e6), 1000)
    whole, minute, second = total // 3600, total // 60 % 60, total % 60
    fraction = f".{milliseconds:03d}".rstrip("0") if milliseconds else ""
    to_second = f"{whole:02d}:{minute:02d}:{second:02d}{fraction}"
    if clock_hours(to_second) == hours:
        return to_second
    return f"{_decimal(hours, hours, float)} h"


def _is_sun_synchronous(target: Target, earth: Earth) -> bool:
    if target.apogee_radius_m is None or target.inclination_rad is None:
        return False
    radii = (target.perigee_radius_m, target.apogee_radius_m)
    try:
        return target.inclination_rad == sso_inclination(radii, earth)
    except Refusal:
        return False


def _sizes(target: Target, earth: Earth) -> str:
    low = _altitude(target.perigee_radius_m, earth)
    if target.apogee_radius_m is None or target.apogee_radius_m == target.perigee_radius_m:
        return f"{low} km"
    return f"{low}x{_altitude(target.apogee_radius_m, earth)} km"


def _tilt(target: Target) -> str:
    if target.inclination_rad is None:
        return "" if target.is_gto or target.kind == "escape" else "least inclination"
    return f"{_degrees(target.inclination_rad)} deg"


def _arguments(target: Target) -> str:
    usual = (0.0, math.pi) if target.is_gto else ()
    if target.argp_rad == usual:
        return ""
    return "argp " + (" or ".join(map(_degrees, target.argp_rad)) or "free")


def _describe(target: Target, earth: Earth) -> str:
    if target.kind == "escape" and target.c3_m2_s2 is not None:
        sizes = _sizes(target, earth)
        words = ["escape c3", _energy(target.c3_m2_s2)]
        if target.dla_rad is not None:
            words += ["dla", _degrees(target.dla_rad)]
        words += ["" if sizes == f"{PARKING_KM:g} km" else sizes]
        words += [f"inc {tilt}" if (tilt := _tilt(target)) else ""]
        return " ".join(word for word in words if word)
    sizes, usual = _sizes(target, earth), "osculating"
    if target.is_gto:
        standard = f"{GTO_KM[0]:g}x{GTO_KM[1]:g} km"
        words = ["gto", "" if sizes == standard else sizes, _tilt(target)]
    elif _is_sun_synchronous(target, earth):
        words, usual = ["sso", sizes], "mean"
    elif target.kind == "circular" and target.inclination_rad == math.radians(90.0):
        words = ["polar", sizes]
    else:
        words = [sizes, _tilt(target)]
    words.append(_arguments(target))
    if target.raan_rad is not None:
        words.append(f"raan {_degrees(target.raan_rad)}")
    if target.local_time is not None:
        key = "ltan" if target.local_time.node == "ascending" else "ltdn"
        words.append(f"{key} {_clock(target.local_time.hours)}")
        words.append("apparent" if target.local_time.sun == "apparent" else "")
    words.append("" if target.elements == usual else target.elements)
    return " ".join(word for word in words if word)


def describe(
    target: Target,
    *,
    equatorial_radius_m: float = _RADIUS_M,
    mu_m3_s2: float = _MU,
    j2: float = _J2,
) -> str:
    """The normal form of an orbit: `parse_orbit` of it gives the same target.

    Numbers are the shortest that read back exactly. The Earth must be the one
    the orbit was read with.

    Examples
    --------
    >>> describe(parse_orbit("SSO500km LTAN 10:30"))
    'sso 500 km ltan 10:30'
    """
    return _describe(target, Earth(equatorial_radius_m, mu_m3_s2, j2))


def to_fields(target: Target, *, equatorial_radius_m: float = _RADIUS_M) -> dict[str, Any]:
    """The orbit as the keys of a mission file, without those that are not set.

    Keys: perigee_km, apogee_km, inclination_deg, raan_deg, argp_deg (a list),
    elements, ltan or ltdn ("10:30"), sun, c3_km2_s2, dla_deg, gto.
    """
    earth = Earth(equatorial_radius_m, _MU, _J2)
    fields: dict[str, Any] = {"perigee_km": float(_altitude(target.perigee_radius_m, earth))}
    if target.apogee_radius_m is not None:
        fields["apogee_km"] = float(_altitude(target.apogee_radius_m, earth))
    angles = {"inclination": target.inclination_rad, "raan": target.raan_rad, "dla": target.dla_rad}
    for name, angle in angles.items():
        if angle is not None:
            fields[f"{name}_deg"] = float(_degrees(angle))
    if target.argp_rad:
        fields["argp_deg"] = [float(_degrees(angle)) for angle in target.argp_rad]
    if target.c3_m2_s2 is not None:
        fields["c3_km2_s2"] = float(_energy(target.c3_m2_s2))
    else:
        fields["elements"] = target.elements
    if (local := target.local_time) is not None:
        fields["ltan" if local.node == "ascending" else "ltdn"] = _clock(local.hours)
        fields["sun"] = local.sun
    if target.is_gto:
        fields["gto"] = True
    return fields


_FIELDS = (
    "perigee_km",
    "apogee_km",
    "altitude_km",
    "inclination_deg",
    "raan_deg",
    "argp_deg",
    "elements",
    "ltan",
    "ltdn",
    "sun",
    "c3_km2_s2",
    "dla_deg",
    "gto",
    "sso",
)


def from_fields(
    fields: Mapping[str, Any],
    *,
    equatorial_radius_m: float = _RADIUS_M,
    mu_m3_s2: float = _MU,
    j2: float = _J2,
) -> Target:
    """An orbit given field by field, as in a mission file.

    Parameters
    ----------
    fields : mapping
        The keys of `to_fields`; `altitude_km` may stand for perigee and apogee
        both, `sso = true` for the inclination. Without an inclination the least
        the site reaches is meant.
    equatorial_radius_m, mu_m3_s2, j2 : float, WGS-84 by default

    Returns
    -------
    Target, its text in the normal form

    Raises
    ------
    InputError
        Names the key, its value and what is allowed.
    """
    earth = Earth(equatorial_radius_m, mu_m3_s2, j2)
    try:
        draft = _draft_from(fields)
        text = _describe(build(draft, "", earth), earth)
        return build(draft, text, earth)
    except Refusal as refusal:
        key = next((k for k in _likely(refusal.field) if k in fields), refusal.field or "orbit")
        message, value = f"cannot use the orbit: {refusal.message}", fields.get(key)
    raise InputError(message, key=key, value=value, allowed=_allowed(key))


def _likely(field: str) -> tuple[str, ...]:
    if field == "local_time":
        return ("ltan", "ltdn")
    return (field, "altitude_km") if field in ("perigee_km", "apogee_km") else (field,)


def _allowed(key: str) -> str:
    ranges = {
        "inclination_deg": "0 to 180",
        "raan_deg": "-360 to 360",
        "argp_deg": "-360 to 360, or a list of such",
        "dla_deg": "-90 to 90",
        "elements": "osculating, mean",
        "sun": "mean, apparent",
        "ltan": '"00:00" to "23:59"',
        "ltdn": '"00:00" to "23:59"',
        "gto": "true, false",
        "sso": "true, false",
    }
    usual = f"{LOWEST_KM:g} to {HIGHEST_KM:g}" if key.endswith("_km") else ", ".join(_FIELDS)
    return ranges.get(key, usual)


def _refuse_value(key: str, value: object) -> NoReturn:
    raise Refusal(f"{key} cannot be {value!r}", key)


def _real(fields: Mapping[str, Any], key: str) -> float | None:
    value = fields.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        _refuse_value(key, value)
    return float(value)


def _choice(fields: Mapping[str, Any], key: str, allowed: tuple[Any, ...]) -> Any:
    value = fields.get(key)
    if value is not None and not any(value is a or value == a for a in allowed):
        _refuse_value(key, value)
    return value


def _draft_from(fields: Mapping[str, Any]) -> Draft:
    for key in fields:
        if key not in _FIELDS:
            close = difflib.get_close_matches(str(key), _FIELDS, 1)
            hint = f"; did you mean '{close[0]}'?" if close else ""
            raise Refusal(f"{key!r} is not a field of an orbit{hint}", str(key))
    draft = Draft(
        altitudes_km=_heights(fields),
        inclination_deg=_real(fields, "inclination_deg"),
        raan_deg=_real(fields, "raan_deg"),
        c3_km2_s2=_real(fields, "c3_km2_s2"),
        dla_deg=_real(fields, "dla_deg"),
        sun=_choice(fields, "sun", ("mean", "apparent")),
        elements=_choice(fields, "elements", ("osculating", "mean")),
    )
    gto, sso = (_choice(fields, key, (True, False)) for key in ("gto", "sso"))
    escape = draft.c3_km2_s2 is not None or draft.dla_deg is not None
    if bool(gto) + bool(sso) + escape > 1:
        raise Refusal("gto, sso and c3_km2_s2 exclude each other", "gto" if gto else "sso")
    draft.kind = "gto" if gto else "sso" if sso else "escape" if escape else ""
    draft.least = draft.kind == "" and draft.inclination_deg is None
    _put_arguments(draft, fields)
    _put_local_time(draft, fields)
    return draft


def _heights(fields: Mapping[str, Any]) -> tuple[float, float] | None:
    both = _real(fields, "altitude_km")
    low, high = _real(fields, "perigee_km"), _real(fields, "apogee_km")
    if both is not None and (low is not None or high is not None):
        raise Refusal("altitude_km already gives perigee and apogee", "altitude_km")
    low = both if low is None else low
    if low is None:
        if high is not None:
            raise Refusal("apogee_km needs perigee_km", "apogee_km")
        return None
    return low, low if high is None else high


def _put_arguments(draft: Draft, fields: Mapping[str, Any]) -> None:
    value = fields.get("argp_deg")
    if value is None:
        return
    listed = list(value) if isinstance(value, list | tuple) else [value]
    numbers = [_real({"argp_deg": one}, "argp_deg") for one in listed]
    draft.argp_deg = tuple(number for number in numbers if number is not None)


def _put_local_time(draft: Draft, fields: Mapping[str, Any]) -> None:
    for key in ("ltan", "ltdn"):
        value = fields.get(key)
        if value is None:
            continue
        if draft.hours is not None:
            raise Refusal("ltan and ltdn both fix the node; give one", key)
        draft.node = "ascending" if key == "ltan" else "descending"
        if isinstance(value, str):
            draft.hours = _hours(key, value)
        else:
            draft.hours = _real(fields, key)


def _hours(key: str, value: str) -> float | None:
    try:
        said = read_draft(f"{key} {value}")
    except Refusal:
        _refuse_value(key, value)
    if said != Draft(hours=said.hours, node=said.node):
        _refuse_value(key, value)
    return said.hours
