"""What a vehicle file and a site file may say: the schema of the catalogue.

A table may carry `source` and `confidence` for all bare numbers below it; a
number given as a table carries its own. Keys end in their unit.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from cosmodrome.flight.vehicle import Vehicle
from cosmodrome.mission.catalogue import closure, flying
from cosmodrome.mission.catalogue.figure import Confidence, Coordinate, Curve, Figure
from cosmodrome.mission.catalogue.reserves import Recovery, Reserves, as_recovery, as_reserves
from cosmodrome.mission.nouns import Environment, Limits, Site

__all__ = [
    "AccuracySheet",
    "AerodynamicsSheet",
    "Carried",
    "FairingSheet",
    "JettisonSheet",
    "LimitsSheet",
    "Off",
    "PadSheet",
    "RecoverySheet",
    "ReservesSheet",
    "RiderSheet",
    "SiteSheet",
    "StageSheet",
    "StrapOnSheet",
    "VehicleSheet",
]

Carried = Literal["default", "all", "none"]
Off = Literal["off"]


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """A table whose bare numbers share one source."""

    source: str = ""
    confidence: Confidence | None = None
    notes: tuple[str, ...] = ()


class StageSheet(Block, frozen=True, kw_only=True):
    """One powered stage, all its engines together.

    Parameters
    ----------
    name : str
        As the events call it; the table's key if not given.
    engine : str
        For people: "RD-191 x1".
    propellant_kg : Figure
        Loaded. What is burnt is `usable_kg` where known, else the loaded mass
        times one minus `residual_fraction`.
    least_propellant_kg : Figure or None
        The last stage alone: it is loaded to the mission, from this to
        `propellant_kg`, which is then its capacity. None: always full.
    dry_kg : Figure
        Dropped with the stage, interstages included unless a note says otherwise.
    thrust_vac_n, thrust_sl_n, thrust_peak_n, isp_vac_s, isp_sl_s, burn_s : Figure
        Liquids keep thrust and specific impulse, their burn time follows.
        Solids keep propellant, specific impulse and burn time; their mean
        thrust follows. `isp_sl_s` only serves the closure check.
    shape : Curve
        Solids: fraction of the burn against thrust over mean thrust.
    schedule : Curve
        Liquids: seconds since ignition against a prescribed throttle level.
    settling_fraction : Figure or None
        Share of `propellant_kg` spent before every restart, to settle the rest.
    burns : Figure
        How many times the stage can be lit in flight.
    ignition_s : Figure
        Later stages: from the separation below to ignition. Stage 1 and
        strap-ons: from lift-off.
    separation_s : Figure
        From cut-off to separation.
    """

    name: str = ""
    engine: str = ""
    use: str = ""
    solid: bool = False
    propellant_kg: Figure
    least_propellant_kg: Figure | None = None
    usable_kg: Figure | None = None
    residual_fraction: Figure | None = None
    dry_kg: Figure
    thrust_vac_n: Figure | None = None
    thrust_sl_n: Figure | None = None
    thrust_peak_n: Figure | None = None
    isp_vac_s: Figure | None = None
    isp_sl_s: Figure | None = None
    burn_s: Figure | None = None
    settling_fraction: Figure | None = None
    throttle_min: Figure | None = None
    throttle_max: Figure | None = None
    shape: Curve | None = None
    schedule: Curve | None = None
    burns: Figure
    ignition_s: Figure
    separation_s: Figure
    diameter_m: Figure | None = None
    length_m: Figure | None = None


class StrapOnSheet(StageSheet, frozen=True, kw_only=True):
    """A group of like strap-ons; the figures are those of one unit."""

    count: Figure


class FairingSheet(Block, frozen=True, kw_only=True):
    """The payload fairing, dropped by heating or at a time, whichever is given.

    `diameter_m` and `length_m` are outside; the envelope is what a payload may fill.
    """

    mass_kg: Figure
    during: str
    diameter_m: Figure | None = None
    length_m: Figure | None = None
    envelope_diameter_m: Figure | None = None
    envelope_length_m: Figure | None = None
    heating_w_m2: Figure | None = None
    jettison_s: Figure | None = None


class RiderSheet(Block, frozen=True, kw_only=True):
    """Inert mass that rides to orbit; `default` says whether it flies unasked."""

    name: str = ""
    mass_kg: Figure
    default: bool = True


class JettisonSheet(Block, frozen=True, kw_only=True):
    """Any other part dropped, a delay after the ignition of a stage."""

    name: str = ""
    mass_kg: Figure
    during: str
    delay_s: Figure


class AerodynamicsSheet(Block, frozen=True, kw_only=True):
    """Drag coefficient against Mach; the area follows from diameters unless given."""

    area_m2: Figure | None = None
    drag: Curve


class LimitsSheet(Block, frozen=True, kw_only=True):
    """What the vehicle's flight respects; "off" switches a limit off."""

    dynamic_pressure_pa: Figure | Off = "off"
    acceleration_m_s2: Figure | Off = "off"
    q_alpha_pa_deg: Figure | Off = "off"
    heating_w_m2: Figure | Off = "off"
    pitch_rate_deg_s: Figure | Off = "off"
    coast_perigee_km: Figure | Off = "off"
    vertical_rise_s: Figure


class AccuracySheet(Block, frozen=True, kw_only=True):
    """Injection accuracy as the provider prints it, for one orbit.

    Every number is half the width of a symmetric interval at `sigma` standard
    deviations about the wanted value.

    Parameters
    ----------
    orbit : str, the orbit it is printed for, in words
    sigma : Figure, how many standard deviations the numbers stand for
    altitude_km : Figure or None, of a circular orbit
    perigee_km, apogee_km, semi_major_axis_km, inclination_deg : Figure or None
    """

    orbit: str
    sigma: Figure
    altitude_km: Figure | None = None
    perigee_km: Figure | None = None
    apogee_km: Figure | None = None
    semi_major_axis_km: Figure | None = None
    inclination_deg: Figure | None = None


class ReservesSheet(Block, frozen=True, kw_only=True):
    """What the last guided stage keeps back.

    Parameters
    ----------
    velocity_reserve_m_s : Figure
        Flight-performance reserve, left in the last guided stage at insertion.
    reserve_confidence : str
        Probability of a commanded shutdown that the reserve stands for, in words.
    disposal_m_s : Figure
        Velocity kept to bring the upper stage down; zero: not included.
    """

    velocity_reserve_m_s: Figure
    reserve_confidence: str = ""
    disposal_m_s: Figure


class RecoverySheet(Block, frozen=True, kw_only=True):
    """One way of bringing the first stage back; not flown unless asked for.

    Parameters
    ----------
    title : str
    propellant_kg : Figure, kept in stage 1 at separation
    hardware_kg : Figure, legs and fins on top of stage 1's `dry_kg`
    """

    title: str = ""
    propellant_kg: Figure
    hardware_kg: Figure


class VehicleSheet(Block, frozen=True, kw_only=True):
    """A launch vehicle as published: every number with its source.

    Parameters
    ----------
    name : str
        Its id in the catalogue; the file's stem if not given.
    title, status, family, country : str
    shares : tuple of str
        Tags of stages flown by other families too; see `families`.
    extends : str
        The vehicle this is a variant of; only differences are written.
    adapter_convention : "included", "excluded" or "unknown"
        Whether the provider's payload figures count the adapter.
    pads : tuple of str
        Its own pads as "site/pad", the usual one first.
    stages : dict of StageSheet
        Bottom up; each is the core stage or a later one.
    strapons : dict of StrapOnSheet
    riders : dict of RiderSheet
    carry : "default", "all" or "none"
        Which riders the flight vehicle carries.
    recover : str
        The recovery that flies, a key of `recovery`; empty: the first stage is lost.
    gross_kg, height_m : Figure or None
    gross_payload_kg : Figure or None
        Payload that `gross_kg` holds, for the closure check.
    """

    name: str = ""
    title: str = ""
    status: Literal["flying", "retired", "planned", "imagined"] = "imagined"
    family: str = ""
    shares: tuple[str, ...] = ()
    country: str = ""
    extends: str = ""
    remove: tuple[str, ...] = ()
    adapter_convention: Literal["included", "excluded", "unknown"] = "unknown"
    pads: tuple[str, ...] = ()
    height_m: Figure | None = None
    gross_kg: Figure | None = None
    gross_payload_kg: Figure | None = None
    stages: dict[str, StageSheet]
    strapons: dict[str, StrapOnSheet] = {}
    fairing: FairingSheet | None = None
    adapter_kg: Figure
    riders: dict[str, RiderSheet] = {}
    jettisons: dict[str, JettisonSheet] = {}
    aerodynamics: AerodynamicsSheet
    accuracy: AccuracySheet | None = None
    limits_sheet: LimitsSheet = msgspec.field(name="limits")
    reserves_sheet: ReservesSheet = msgspec.field(name="reserves")
    recovery_sheets: dict[str, RecoverySheet] = msgspec.field(name="recovery", default_factory=dict)
    carry: Carried = "default"
    recover: str = ""
    file: str = ""

    def vehicle(self) -> Vehicle:
        """The plain flight vehicle: nominal values, SI; see `flying.as_vehicle`."""
        return flying.as_vehicle(self)

    def limits(self, site: Site | None = None, environment: Environment | None = None) -> Limits:
        """The vehicle's limits in SI, with the corridor of `site` if given.

        The perigee of a coast is counted from the environment's equatorial radius.
        """
        return flying.as_limits(self, site, environment)

    @property
    def reserves(self) -> Reserves:
        """What the last guided stage keeps back, plain numbers."""
        return as_reserves(self)

    @property
    def recovery(self) -> dict[str, Recovery]:
        """Ways of bringing the first stage back, plain numbers; empty if none is known."""
        return as_recovery(self)

    @property
    def first_stage(self) -> str:
        """The name of the first stage, as the events call it."""
        key, stage = next(iter(self.stages.items()))
        return stage.name or key

    def closure(self) -> closure.Closure:
        """How well the sheet's own figures agree with one another."""
        return closure.check(self)

    def document(self) -> dict[str, Any]:
        """The `vehicles NAME` JSON object: every number with source and range."""
        document: dict[str, Any] = _document(self)
        return document | {
            "riders_carried": list(flying.carried_riders(self)),
            "closure": self.closure().document(),
        }


class PadSheet(Block, frozen=True, kw_only=True):
    """A launch pad: geodetic latitude, longitude east, height above the ellipsoid."""

    title: str = ""
    latitude_deg: Coordinate
    longitude_deg: Coordinate
    altitude_m: Coordinate
    corridors_deg: Curve | None = None


class SiteSheet(Block, frozen=True, kw_only=True):
    """A launch site with its pads and the azimuths it may launch into.

    `corridors_deg` holds pairs (from, to), clockwise from north; a pair whose
    first exceeds its second passes through north. No pair: unrestricted.
    `pad` is the one chosen; the first if empty. `keep_off` names areas that nothing
    may come down in, `drop_inside` those that a part must, as "urm-1=zone.geojson";
    paths are counted from the site's file.
    """

    name: str = ""
    title: str = ""
    country: str = ""
    time_zone: str = ""
    corridors_deg: Curve | None = None
    reachable: str = ""
    keep_off: tuple[str, ...] = ()
    drop_inside: tuple[str, ...] = ()
    pads: dict[str, PadSheet]
    pad: str = ""
    file: str = ""

    def site(self) -> Site:
        """The chosen pad as a plain noun in SI."""
        return flying.as_site(self)

    def document(self) -> dict[str, Any]:
        """The `sites NAME` JSON object: every number with its source."""
        document: dict[str, Any] = _document(self)
        return document


def _document(item: Any) -> Any:
    """A sheet as JSON values; empty fields are left out, keyed tables become lists."""
    if isinstance(item, Figure | Curve):
        return item.document()
    if isinstance(item, msgspec.Struct):
        names = zip(item.__struct_fields__, item.__struct_encode_fields__, strict=True)
        pairs = ((key, getattr(item, name)) for name, key in names)
        return {
            key: _document(value)
            for key, value in pairs
            if value is not None and value not in ("", (), {})
        }
    if isinstance(item, dict):
        return [_document(value) | {"key": key} for key, value in item.items()]
    if isinstance(item, tuple):
        return [_document(value) for value in item]
    return item
