"""The catalogue: vehicles, launch sites and published payloads, each number sourced."""

from cosmodrome.mission.catalogue.figure import CONFIDENCE, Coordinate, Curve, Figure
from cosmodrome.mission.catalogue.load import (
    default_pad,
    load_site,
    load_vehicle,
    read_site,
    read_vehicle,
    site_names,
    vehicle_names,
)
from cosmodrome.mission.catalogue.published import PublishedPayload, published_payloads
from cosmodrome.mission.catalogue.sheet import SiteSheet, StageSheet, VehicleSheet

__all__ = [
    "CONFIDENCE",
    "Coordinate",
    "Curve",
    "Figure",
    "PublishedPayload",
    "SiteSheet",
    "StageSheet",
    "VehicleSheet",
    "default_pad",
    "load_site",
    "load_vehicle",
    "published_payloads",
    "read_site",
    "read_vehicle",
    "site_names",
    "vehicle_names",
]
