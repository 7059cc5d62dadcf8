"""What a thing that is asked for is called on the command line. Imports nothing."""

from __future__ import annotations

__all__ = ["OPTIONS", "VEHICLE_OPTIONS"]

OPTIONS = {
    "site": "--from",
    "orbit": "--to",
    "payload_kg": "--payload",
    "epoch_utc": "--epoch",
    "riders": "--riders",
    "recovery": "--recovery",
    "reserve_m_s": "--reserve",
    "disposal_m_s": "--disposal",
    "drop_inside": "--drop-inside",
    "keep_off": "--keep-off",
    "zone_margin_km": "--zone-margin",
    "safety": "--safety",
    "windows": "--windows",
    "days": "--days",
    "catalogue": "--catalogue",
    "interval": "--interval",
    "samples": "--samples",
    "seed": "--seed",
    "position_tolerance_m": "--position-tolerance-m",
    "velocity_tolerance_m_s": "--velocity-tolerance-m-s",
    "mesh_check": "--mesh-check",
    "other_starts": "--other-starts",
}
"""What changes an answer, by the parameter's name; not where it is written or how shown."""

VEHICLE_OPTIONS = {
    name: OPTIONS[name] for name in ("riders", "recovery", "reserve_m_s", "disposal_m_s")
}
"""What is chosen of a vehicle, by its key under [mission] of a mission file."""
