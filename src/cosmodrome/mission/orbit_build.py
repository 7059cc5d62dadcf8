"""From a draft orbit, as it was said, to a checked target in SI units."""

from __future__ import annotations

import math
from dataclasses import dataclass

from cosmodrome.errors import InputError
from cosmodrome.mission.nouns import LocalTime, Target
from cosmodrome.mission.orbit_words import Draft, Refusal
from cosmodrome.orbit.sun import sun_synchronous_inclination

__all__ = ["GTO_KM", "HIGHEST_KM", "LOWEST_KM", "PARKING_KM", "Earth", "build", "sso_inclination"]

# Below: inside the air. Above: past the 1.5 million km to which transfer orbits
# are quoted, and no longer the Earth's.
LOWEST_KM, HIGHEST_KM = 80.0, 2.0e6
PARKING_KM = 185.0
GTO_KM = (185.0, 35786.0)
_C3_MOST_KM2_S2 = 1000.0


@dataclass(frozen=True, slots=True)
class Earth:
    """What altitudes are counted from, and the field that turns the node."""

    radius_m: float
    mu_m3_s2: float
    j2: float


def _number(value: float, field: str, low: float, high: float, unit: str) -> float:
    if not math.isfinite(value):
        raise Refusal(f"{field} {value} is not a usable number", field)
    if not low <= value <= high:
        raise Refusal(f"{field} {value:g} {unit} is outside {low:g} to {high:g} {unit}", field)
    return value + 0.0  # a negative zero would not survive its text


def _turn_rad(value: float, field: str) -> float:
    degrees = _number(value, field, -360.0, 360.0, "deg") % 360.0
    return math.radians(0.0 if degrees >= 360.0 else degrees)


def _radii(draft: Draft, earth: Earth) -> tuple[float, float]:
    if draft.altitudes_km is None:
        raise Refusal("it has no altitude", "perigee_km")
    low, high = draft.altitudes_km
    for value, field in ((low, "perigee_km"), (high, "apogee_km")):
        name = "altitude" if low == high else field.removesuffix("_km")
        if not math.isfinite(value):
            raise Refusal(f"{name} {value} is not a usable number", field)
        if value < 0.0:
            raise Refusal(f"{name} {value:g} km is below the ground", field)
        if value > HIGHEST_KM:
            raise Refusal(
                f"{name} {value:g} km is beyond {HIGHEST_KM:g} km: "
                "say 'escape c3 ...' for what leaves the Earth",
                field,
            )
    if low > high:
        raise Refusal(
            f"perigee {low:g} km is above apogee {high:g} km (swapped? '{high:g}x{low:g} km')",
            "perigee_km",
        )
    if low < LOWEST_KM:
        raise Refusal(
            f"perigee {low:g} km is inside the air, the least is {LOWEST_KM:g} km", "perigee_km"
        )
    return earth.radius_m + 1e3 * low, earth.radius_m + 1e3 * high


def _inclination(draft: Draft, radii: tuple[float, float], earth: Earth) -> float | None:
    said = draft.inclination_deg is not None or draft.least
    if draft.kind in ("sso", "polar") and said:
        raise Refusal(f"{draft.kind} already says the inclination", "inclination_deg")
    if draft.kind == "polar":
        return math.radians(90.0)
    if draft.kind == "sso":
        return sso_inclination(radii, earth)
    if draft.least and draft.inclination_deg is not None:
        raise Refusal("it asks both for an inclination and for the least", "inclination_deg")
    if draft.inclination_deg is None:
        if draft.kind == "" and not draft.least:
            raise Refusal("it has no inclination; add one, as '51.7 deg'", "inclination_deg")
        return None
    return math.radians(_number(draft.inclination_deg, "inclination_deg", 0.0, 180.0, "deg"))


def sso_inclination(radii: tuple[float, float], earth: Earth) -> float:
    """Sun-synchronous mean inclination of perigee and apogee radii, radians."""
    a, e = 0.5 * (radii[0] + radii[1]), (radii[1] - radii[0]) / (radii[1] + radii[0])
    try:
        tilt = sun_synchronous_inclination(a, e, earth.mu_m3_s2, earth.radius_m, earth.j2)
    except InputError as error:
        raise Refusal(error.message, "perigee_km") from None
    # Through degrees, so that a mission file can hold exactly this number.
    return math.radians(math.degrees(tilt))


def _local_time(draft: Draft) -> LocalTime | None:
    if draft.hours is None:
        if draft.sun is not None:
            raise Refusal("'apparent' needs a local time, as 'ltan 10:30 apparent'", "sun")
        return None
    if not 0.0 <= draft.hours < 24.0:
        raise Refusal(f"local time {draft.hours:g} h is outside 00:00 to 23:59", "local_time")
    if draft.raan_deg is not None:
        raise Refusal("a local time and raan both fix the node; give one", "raan_deg")
    return LocalTime(draft.hours, draft.node, draft.sun or "mean")


def build(draft: Draft, text: str, earth: Earth) -> Target:
    """A target from a draft.

    Raises
    ------
    Refusal
        If the draft says too little, too much or something impossible.
    """
    if draft.kind == "escape" or draft.c3_km2_s2 is not None or draft.dla_deg is not None:
        return _build_escape(draft, text, earth)
    gto = draft.kind == "gto"
    if gto and draft.altitudes_km is None:
        draft.altitudes_km = GTO_KM
    radii = _radii(draft, earth)
    inclination = _inclination(draft, radii, earth)
    arguments = draft.argp_deg if draft.argp_deg is not None else (0.0, 180.0) if gto else ()
    circular = radii[0] == radii[1]
    if circular and arguments:
        raise Refusal("a circular orbit has no argument of perigee", "argp_deg")
    return Target(
        text=text,
        kind="circular" if circular else "elliptic",
        perigee_radius_m=radii[0],
        apogee_radius_m=radii[1],
        inclination_rad=inclination,
        raan_rad=None if draft.raan_deg is None else _turn_rad(draft.raan_deg, "raan_deg"),
        argp_rad=tuple(_turn_rad(value, "argp_deg") for value in arguments),
        elements=draft.elements or ("mean" if draft.kind == "sso" else "osculating"),
        local_time=_local_time(draft),
        is_gto=gto,
    )


def _build_escape(draft: Draft, text: str, earth: Earth) -> Target:
    if draft.kind != "escape" or draft.c3_km2_s2 is None:
        raise Refusal("an escape is written 'escape c3 10', with 'dla 20' if wanted", "c3_km2_s2")
    unwanted = {
        "raan_deg": draft.raan_deg,
        "argp_deg": draft.argp_deg,
        "local_time": draft.hours if draft.hours is not None else draft.sun,
        "elements": True if draft.elements == "mean" else None,
    }
    for field, value in unwanted.items():
        if value is not None:
            raise Refusal(f"an escape takes no {field.removesuffix('_deg')}", field)
    energy = _number(draft.c3_km2_s2, "c3_km2_s2", 0.0, _C3_MOST_KM2_S2, "km2/s2")
    low, high = draft.altitudes_km = draft.altitudes_km or (PARKING_KM, PARKING_KM)
    if low != high:
        raise Refusal("an escape takes one altitude, its perigee", "apogee_km")
    inclination = _inclination(draft, (0.0, 0.0), earth)
    dla = draft.dla_deg
    if dla is not None:
        dla = math.radians(_number(dla, "dla_deg", -90.0, 90.0, "deg"))
        if inclination is not None and abs(dla) > min(inclination, math.pi - inclination) + 1e-12:
            raise Refusal("the inclination is less than the declination asked for", "dla_deg")
    return Target(
        text=text,
        kind="escape",
        perigee_radius_m=_radii(draft, earth)[0],
        apogee_radius_m=None,
        inclination_rad=inclination,
        c3_m2_s2=1e6 * energy,
        dla_rad=dla,
    )
