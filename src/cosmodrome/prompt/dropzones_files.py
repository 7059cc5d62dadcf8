"""Drop zones as files: GeoJSON, KML, a table or the document itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any, Final

from cosmodrome.io.ground_features import GroundFeature, features_geojson, features_kml
from cosmodrome.io.hazard_files import PLANNING_AID
from cosmodrome.prompt.dropzones import DropZones
from cosmodrome.report.as_json import json_text, plain
from cosmodrome.safety.ellipses import ellipse_area

__all__ = ["ENDINGS", "zones_file"]

ENDINGS: Final = (".geojson", ".kml", ".csv", ".json")


def zones_file(found: DropZones, ending: str) -> bytes:
    """Drop zones as the content of a file.

    Parameters
    ----------
    found : DropZones
    ending : str, of `ENDINGS`
        GeoJSON and KML hold each part's nominal impact and its ellipses; CSV a
        row for each ellipse.
    """
    document = found.document
    about = {
        key: document[key] for key in ("note", "vehicle", "site", "epoch_utc", "samples", "seed")
    }
    if ending == ".geojson":
        text = features_geojson(_features(found), plain(about))
    elif ending == ".kml":
        name = f"drop zones of {document['vehicle']} from {document['site']}"
        text = features_kml(_features(found), name, PLANNING_AID)
    elif ending == ".csv":
        text = _csv(document)
    else:
        text = json_text(document)
    return text.encode()


def _features(found: DropZones) -> list[GroundFeature]:
    features = []
    for zone, part in zip(found.zones, found.document["parts"], strict=True):
        place = (zone.latitude_rad, zone.longitude_rad)
        told = {
            "kind": "impact",
            "impact_utc": part["impact_utc"],
            "t_s": round(part["t_s"], 1),
            "surface": part["surface"],
            "country": part["country"],
            "note": PLANNING_AID,
        }
        features.append(GroundFeature(part["name"], place, plain(told)))
        for one, row in zip(zone.ellipses, part["ellipses"], strict=True):
            told = {
                "kind": "drop zone",
                "probability": one.probability,
                "semi_major_km": round(row["semi_major_km"], 3),
                "semi_minor_km": round(row["semi_minor_km"], 3),
                "azimuth_deg": round(row["azimuth_deg"], 2),
                "area_km2": round(row["area_km2"], 1),
                "people": row["people"]["statement"],
                "note": PLANNING_AID,
            }
            name = f"{part['name']}, {100 * one.probability:g} %"
            features.append(GroundFeature(name, ellipse_area(one), plain(told)))
    return features


def _csv(document: Mapping[str, Any]) -> str:
    """A row for each ellipse of each part."""
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    once = ("name", "count", "latitude_deg", "longitude_deg", "t_s", "surface", "country")
    each = ("probability", "semi_major_km", "semi_minor_km", "azimuth_deg", "area_km2")
    people = ("listed", "estimate_lo", "estimate_hi")
    writer.writerow([*once, *each, *(f"people_{name}" for name in people), "note"])
    for part in document["parts"]:
        for row in part["ellipses"]:
            values = [part[key] for key in once] + [row[key] for key in each]
            values += [row["people"][key] for key in people]
            writer.writerow(["" if value is None else value for value in (*values, PLANNING_AID)])
    return sink.getvalue()
