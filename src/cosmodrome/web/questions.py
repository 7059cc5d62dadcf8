"""What may be asked, typed: the command line's options by name, every text and number bounded."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

__all__ = ["KINDS", "files_in", "runs_in"]

Ident = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]
"""A job's or a file's id: the only way to name something that lies on a disk."""

_WORD: Final = r"[A-Za-z0-9][A-Za-z0-9 ._+-]{0,79}"
Name = Annotated[str, StringConstraints(pattern=rf"^{_WORD}$")]
SiteName = Annotated[str, StringConstraints(pattern=rf"^{_WORD}(/{_WORD})?$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
Range = Annotated[str, StringConstraints(pattern=r"^[0-9.:eE+\- ]{1,60}$")]
Area = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f/\\<>:]{1,80}$")]
Place = Annotated[str, StringConstraints(pattern=r"^[0-9.,+\- ]{1,60}$")]
Sigmas = Annotated[str, StringConstraints(pattern=r"^[0-9.,eE+\- ]{1,60}$")]
Positive = Annotated[float, Field(gt=0.0, le=1e9, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0.0, le=1e9, allow_inf_nan=False)]
Angle = Annotated[float, Field(ge=-360.0, le=360.0, allow_inf_nan=False)]
Days = Annotated[float, Field(gt=0.0, le=3660.0, allow_inf_nan=False)]
Seed = Annotated[int, Field(ge=0, le=2**32 - 1)]
Riders = Literal["all", "none", "default"]
Method = Literal["numerical", "secular", "two-body", "sgp4", "table"]
Daylight = Literal["day", "civil", "nautical", "astronomical", "night"]


class Asked(BaseModel):
    """Common to all: no key that is not known, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _not_a_path(name: str | None) -> None:
    if name is not None and name.lower().endswith(".toml"):
        raise ValueError("a name of the catalogue is wanted; hand a file in under /api/v1/files")


class ZoneAsked(Asked):
    """Where a part comes down, or not: a country by its name, or a GeoJSON file."""

    part: Name | None = None
    area: Area | None = None
    file: Ident | None = None

    @model_validator(mode="after")
    def _one(self) -> ZoneAsked:
        if (self.area is None) == (self.file is None):
            raise ValueError("say `area` or `file`, one of them")
        if self.area is not None and self.area.lower().endswith((".json", ".geojson")):
            raise ValueError("hand the file in under /api/v1/files and give its id as `file`")
        return self


class VehicleAsked(Asked):
    """A vehicle of the catalogue or of a file, and what it carries and keeps back."""

    vehicle: Name | None = None
    vehicle_file: Ident | None = None
    riders: Riders | None = None
    recovery: Name | None = None
    reserve_m_s: NotNegative | None = None
    disposal_m_s: NotNegative | None = None

    @model_validator(mode="after")
    def _named(self) -> VehicleAsked:
        _not_a_path(self.vehicle)
        if self.vehicle is not None and self.vehicle_file is not None:
            raise ValueError("say `vehicle` or `vehicle_file`, one of them")
        return self


class Plan(VehicleAsked):
    """`cosmodrome plan`."""

    site: SiteName | None = None
    orbit: Text | None = None
    mission: Ident | None = None
    payload_kg: NotNegative | None = None
    epoch_utc: Text | None = None
    drop_inside: tuple[ZoneAsked, ...] = Field((), max_length=20)
    keep_off: tuple[ZoneAsked, ...] = Field((), max_length=20)
    zone_margin_km: NotNegative | None = None
    interval: bool = False
    samples: Annotated[int, Field(ge=20, le=100_000)] | None = None
    seed: Seed | None = None
    position_tolerance_m: Positive | None = None
    velocity_tolerance_m_s: Positive | None = None
    mesh_check: bool = False
    other_starts: bool = False

    @model_validator(mode="after")
    def _whole(self) -> Plan:
        _not_a_path(self.site)
        named = (self.vehicle or self.vehicle_file, self.site, self.orbit)
        if self.mission is None and None in named:
            raise ValueError("say `vehicle`, `site` and `orbit`, or a `mission`")
        own = (*named, self.riders, self.recovery, self.reserve_m_s, self.disposal_m_s)
        if self.mission is not None and any(one is not None for one in own):
            raise ValueError(
                "a mission file says vehicle, site, orbit and what is kept back itself"
            )
        if not self.interval and (self.samples is not None or self.seed is not None):
            raise ValueError("`samples` and `seed` belong to `interval`")
        if any(one.part is None for one in self.drop_inside):
            raise ValueError("`drop_inside` needs the part that comes down there")
        return self


class Check(VehicleAsked):
    """`cosmodrome check`."""

    site: SiteName
    orbit: Text
    payload_kg: Positive
    includes_adapter: Literal["yes", "no", "unknown"] = "unknown"

    @model_validator(mode="after")
    def _whole(self) -> Check:
        _not_a_path(self.site)
        if self.vehicle is None and self.vehicle_file is None:
            raise ValueError("say `vehicle`")
        return self


class Map(VehicleAsked):
    """`cosmodrome map`."""

    sites: tuple[SiteName, ...] = Field(min_length=1, max_length=10)
    altitudes: Range
    inclinations: Range

    @model_validator(mode="after")
    def _whole(self) -> Map:
        for name in self.sites:
            _not_a_path(name)
        if self.vehicle is None and self.vehicle_file is None:
            raise ValueError("say `vehicle`")
        return self


class Source(Asked):
    """Where an orbit comes from: one of a run, a text and a file."""

    run: Ident | None = None
    orbit: Text | None = None
    file: Ident | None = None
    epoch_utc: Text | None = None
    satellites: tuple[Text, ...] = Field((), max_length=100)

    @model_validator(mode="after")
    def _one(self) -> Source:
        if sum(one is not None for one in (self.run, self.orbit, self.file)) != 1:
            raise ValueError("say `run`, `orbit` or `file`, one of them")
        return self


class Followed(Source):
    """An orbit over a stretch of time."""

    start_utc: Text | None = None
    days: Days | None = None
    method: Method | None = None
    drag_m2_kg: Positive | None = None


class Passes(Followed):
    """`cosmodrome passes`."""

    stations: tuple[Text, ...] = Field(min_length=1, max_length=200)
    min_elevation_deg: Annotated[float, Field(ge=0.0, le=90.0, allow_inf_nan=False)] = 0.0
    frequency_mhz: Positive | None = None


class Eclipses(Followed):
    """`cosmodrome eclipses`."""

    profile_days: Positive | None = None
    apparent: bool = False
    oblate: bool = False


class Propagate(Followed):
    """`cosmodrome propagate`."""

    frame: Literal["GCRF", "EME2000", "TOD", "TEME", "ITRF"] = "GCRF"
    step_s: Positive = 60.0


class Coverage(Followed):
    """`cosmodrome coverage`."""

    band: Annotated[str, StringConstraints(pattern=r"^[0-9.:+\- ]{1,60}$")] | None = None
    points: tuple[Place, ...] = Field((), max_length=200)
    area: Ident | None = None
    spacing_deg: Annotated[float, Field(gt=0.0, le=90.0, allow_inf_nan=False)] = 5.0
    swath_km: Positive | None = None
    half_angle_deg: Annotated[float, Field(gt=0.0, lt=90.0)] | None = None
    min_elevation_deg: Annotated[float, Field(ge=0.0, lt=90.0)] | None = None
    walker: Annotated[str, StringConstraints(pattern=r"^[0-9.:/ ]{1,40}$")] | None = None
    star: bool = False


class Repeat(Asked):
    """`cosmodrome repeat`."""

    days: Annotated[int, Field(ge=1, le=400)]
    altitude_km: Positive
    within_km: Positive = 100.0
    inclination_deg: Annotated[float, Field(ge=0.0, le=180.0)] | None = None
    circular: bool = False


class Lifetime(Source):
    """`cosmodrome lifetime`."""

    mass_kg: Positive
    area_m2: Positive | None = None
    box: Annotated[str, StringConstraints(pattern=r"^[0-9.eExX+\- ]{1,60}$")] | None = None
    panels_m2: NotNegative | None = None
    drag_coefficient: Positive = 2.2
    isp_s: Positive | None = None
    probability: Annotated[float, Field(gt=0.0, lt=1.0)] = 0.9
    samples: Annotated[int, Field(ge=20, le=100_000)] = 200
    seed: Seed = 0


class Satellite(Asked):
    """`cosmodrome satellite`."""

    spacecraft: Ident
    orbit: Text
    epoch_utc: Text = "2027-03-20T12:00:00Z"
    vehicles: tuple[Name, ...] | None = Field(None, min_length=1, max_length=100)
    build: bool = True


class Falls(Asked):
    """Of a run, with what may go otherwise."""

    run: Ident
    samples: Annotated[int, Field(ge=50, le=200_000)] | None = None
    seed: Seed | None = None
    wind: Ident | None = None


class Dropzones(Falls):
    """`cosmodrome dropzones`."""


class Hazard(Falls):
    """`cosmodrome hazard`."""

    overlap: Ident | None = None
    epoch_utc: Text | None = None
    minutes: Annotated[float, Field(ge=0.0, le=44640.0)] = 0.0
    probability: Annotated[float, Field(gt=0.0, lt=1.0)] = 0.99


class Casualty(Asked):
    """`cosmodrome casualty`."""

    run: Ident
    vehicle_class: Literal["small", "medium", "medium-large", "large"] | None = None
    phases: tuple[Text, ...] = Field((), max_length=20)


class Disperse(Asked):
    """`cosmodrome disperse`."""

    run: Ident
    samples: Annotated[int, Field(ge=50, le=1_000_000)] = 2000
    payload_samples: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    seed: Seed = 0
    method: Literal["random", "lhs", "sobol"] = "random"
    sigmas: Ident | None = None
    perigee_sigma_km: NotNegative | None = None
    apogee_sigma_km: NotNegative | None = None
    inclination_sigma_deg: NotNegative | None = None


class Windows(Asked):
    """`cosmodrome windows`."""

    run: Ident | None = None
    site: SiteName | None = None
    orbit: Text | None = None
    raan_deg: Angle | None = None
    ltan: Text | None = None
    ltdn: Text | None = None
    plane_of: Ident | None = None
    satellite: Text | None = None
    meet_days: NotNegative = 0.0
    start_utc: Text | None = None
    days: Days | None = None
    leg: Literal["ascending", "descending"] | None = None
    any_azimuth: bool = False
    daylight: tuple[Daylight, ...] = Field((), max_length=5)
    beta_min_deg: NotNegative | None = None
    beta_max_deg: NotNegative | None = None
    eclipse_max_percent: NotNegative | None = None
    first_days: Annotated[int, Field(ge=0, le=60)] = 3
    phase_deg: tuple[Angle, Angle] | None = None
    payload_kg: NotNegative | None = None
    node_curve: Ident | None = None

    @model_validator(mode="after")
    def _whole(self) -> Windows:
        _not_a_path(self.site)
        if self.satellite is not None and self.plane_of is None:
            raise ValueError("a `satellite` is chosen from the file `plane_of`")
        low, high = self.beta_min_deg, self.beta_max_deg
        if low is not None and high is not None and low > high:
            raise ValueError("`beta_min_deg` is above `beta_max_deg`: no beta lies between them")
        return self


class Screen(Source):
    """`cosmodrome screen`."""

    catalogue: Ident
    start_utc: Text | None = None
    minutes: Annotated[float, Field(gt=0.0, le=10080.0)] = 120.0
    orbits: Annotated[float, Field(ge=0.0, le=50.0)] = 1.0
    keep_out_km: Positive | None = None
    crewed_km: Positive | None = None
    crewed: tuple[Annotated[int, Field(ge=0, le=999_999_999)], ...] = Field((), max_length=500)
    leave_out: tuple[Annotated[int, Field(ge=0, le=999_999_999)], ...] = Field((), max_length=500)
    within_km: NotNegative = 0.0
    own_sigma: Sigmas | None = None
    catalogue_sigma: Sigmas | None = None
    hard_body_m: Positive = 10.0
    method: Method | None = None


KINDS: Final[dict[str, type[Asked]]] = {
    "plan": Plan,
    "check": Check,
    "map": Map,
    "passes": Passes,
    "eclipses": Eclipses,
    "propagate": Propagate,
    "coverage": Coverage,
    "repeat": Repeat,
    "lifetime": Lifetime,
    "satellite": Satellite,
    "dropzones": Dropzones,
    "hazard": Hazard,
    "casualty": Casualty,
    "disperse": Disperse,
    "windows": Windows,
    "screen": Screen,
}
"""Every kind of job, with what it may be asked."""

_FILES: Final = (
    "vehicle_file",
    "mission",
    "file",
    "spacecraft",
    "wind",
    "overlap",
    "plane_of",
    "node_curve",
    "catalogue",
    "area",
    "sigmas",
)


def files_in(question: dict[str, Any]) -> list[str]:
    """Ids of the files that a question names."""
    found = [question[key] for key in _FILES if question.get(key)]
    for key in ("drop_inside", "keep_off"):
        found += [zone["file"] for zone in question.get(key) or () if zone.get("file")]
    return list(dict.fromkeys(found))


def runs_in(question: dict[str, Any]) -> list[str]:
    """Ids of the jobs that a question goes on from."""
    return [question["run"]] if question.get("run") else []
