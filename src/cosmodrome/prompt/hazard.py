"""Hazard areas of a run folder: drop zones as drafts of notices, in any form."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from cosmodrome.campaign.progress import Tell
from cosmodrome.errors import InputError
from cosmodrome.io.hazard_files import (
    DRAFT,
    PLANNING_AID,
    DraftArea,
    hazard_czml,
    hazard_geojson,
    hazard_kml,
)
from cosmodrome.io.hazard_text import hazard_text, published_area
from cosmodrome.safety.hazard import Footprint, Match, Window, hazard_areas, matched
from cosmodrome.world.epoch import Epoch

__all__ = ["FORMS", "Hazard", "hazard", "hazard_of"]


FORMS: Final = ("geojson", "kml", "czml", "text")
_PROBABILITY: Final = 0.99
_HOLDS: Final = (
    "each area holds the {:g} % ellipse of a part that is dropped as planned; "
    "a flight that fails is not in it"
)
_ACTIVE: Final = (
    "active from 30 min before the window opens to 30 min after the last impact, "
    "as 14 CFR 417 B417.3(a) asks for at least"
)


@dataclass(frozen=True, slots=True, eq=False)
class Hazard:
    """Hazard areas of a flight.

    Parameters
    ----------
    areas : tuple of DraftArea
    matches : tuple of Match, with a published area; empty where none was given
    about : dict, of the flight and the window
    notes : tuple of str
    """

    areas: tuple[DraftArea, ...]
    matches: tuple[Match, ...]
    about: dict[str, Any]
    notes: tuple[str, ...]

    def content(self, form: str) -> str:
        """The areas as a file's content.

        Parameters
        ----------
        form : str, of `FORMS`

        Raises
        ------
        InputError
            If the form is not known.
        """
        plain = form.strip().lower()
        if plain == "geojson":
            return hazard_geojson(self.areas, self.about | self._said())
        if plain == "kml":
            return hazard_kml(self.areas, self._heading())
        if plain == "czml":
            return hazard_czml(self.areas, self._heading())
        if plain == "text":
            return self._text()
        raise InputError(
            f"form {form[:20]!r} is not known", key="--format", value=form, allowed=", ".join(FORMS)
        )

    def _said(self) -> dict[str, Any]:
        said: dict[str, Any] = {"notes": list(self.notes)}
        if self.matches:
            said["overlap"] = [asdict(one) for one in self.matches]
        return said

    def _heading(self) -> str:
        flight = self.about
        return f"{flight['vehicle']} from {flight['site']}, lift-off {flight['window_opens_utc']}"

    def _text(self) -> str:
        minutes = self.about["window_minutes"]
        text = hazard_text(self.areas, f"{self._heading()}, window {minutes:g} min")
        if self.matches:
            text += f"\nOverlap with {self.about['overlap_with']}\n"
            text += "".join(
                f"   {one.name}: {one.of_ours_percent:.1f} % of ours, "
                f"{one.of_published_percent:.1f} % of the published, {one.common_km2:.0f} km2\n"
                for one in self.matches
            )
        return text + "".join(f"\nNote: {note}." for note in self.notes) + "\n"


def hazard(
    run: str | Path,
    *,
    overlap: str | Path | None = None,
    epoch_utc: str | None = None,
    minutes: float = 0.0,
    probability: float = _PROBABILITY,
    samples: int | None = None,
    seed: int | None = None,
    wind: str | Path | None = None,
    progress: Tell | None = None,
) -> Hazard:
    """The hazard areas of a planned flight; the same as `cosmodrome hazard`.

    Parameters
    ----------
    run : path of a run folder of `plan --out`
    overlap : path or None, a published area: GeoJSON, KML or a list of coordinates
    epoch_utc : str or None, when the window opens; the run's own lift-off by default
        The parts come down at the same places of the Earth whenever it is.
    minutes : float, how long the window is open
    probability : float, of the ellipse the area is drawn round: 0.5, 0.9 or 0.99
    samples, seed, wind : as `prompt.dropzones.dropzones`
    progress : callable(text, share) or None

    Returns
    -------
    Hazard

    Raises
    ------
    InputError
        Anything that cannot be used.

    Accuracy
    --------
    As `safety.drop_zones`; draft, not a notice; planning aid, not a licence analysis.
    """
    from cosmodrome.prompt.dropzones import dropzones

    # What can be refused at once is, before anything is flown.
    published = None if overlap is None else published_area(overlap)
    opens = None if epoch_utc is None else Epoch.parse(epoch_utc)
    _probability(probability)
    _minutes(minutes)
    asked = {"samples": samples, "seed": seed, "wind": wind}
    given = {key: value for key, value in asked.items() if value is not None}
    found = dropzones(run, progress=progress, **given)  # type: ignore[arg-type]
    made = hazard_of(found.document, opens=opens, minutes=minutes, probability=probability)
    if published is None:
        return made
    about = made.about | {"overlap_with": str(overlap)}
    return Hazard(made.areas, matched(made.areas, published), about, made.notes)


def hazard_of(
    document: Mapping[str, Any],
    *,
    opens: Epoch | None = None,
    minutes: float = 0.0,
    probability: float = _PROBABILITY,
) -> Hazard:
    """Hazard areas from the document of `dropzones`.

    Parameters
    ----------
    document : mapping, as `cosmodrome dropzones --json` prints it
    opens, minutes, probability : as `hazard`

    Returns
    -------
    Hazard

    Raises
    ------
    InputError
        If an ellipse of that probability is not there.
    """
    _probability(probability)
    start = Epoch.parse(str(document["epoch_utc"])) if opens is None else opens
    window = Window(start, 60.0 * _minutes(minutes))
    prints = [_footprint(part, probability) for part in document["parts"]]
    about = {
        "vehicle": document["vehicle"],
        "site": document["site"],
        "window_opens_utc": start.utc(0),
        "window_minutes": minutes,
        "probability": probability,
        "reference": "WGS 84",
    }
    notes = [f"{DRAFT}: {PLANNING_AID}", _HOLDS.format(100 * probability), _ACTIVE]
    odd = [part["name"] for part in document["parts"] if not _elliptical(part, probability)]
    if odd:
        notes.append(f"the samples of {', '.join(odd)} do not fill an ellipse evenly")
    if not prints:
        notes.append("nothing that is dropped comes down")
    return Hazard(hazard_areas(prints, window), (), about, tuple(notes))


def _minutes(minutes: float) -> float:
    if not (math.isfinite(minutes) and 0.0 <= minutes <= 44640.0):
        raise InputError(
            f"a window of {minutes:g} minutes cannot be used",
            key="--minutes",
            value=minutes,
            allowed="0 to 44640",
        )
    return minutes


def _probability(probability: float) -> None:
    if not 0.0 < probability < 1.0:
        raise InputError(
            f"{probability:g} is no probability of an ellipse",
            key="--probability",
            value=probability,
            allowed="0.5, 0.9 or 0.99",
        )


def _chosen(part: Mapping[str, Any], probability: float) -> Mapping[str, Any]:
    for one in part["ellipses"]:
        if math.isclose(one["probability"], probability, abs_tol=1e-6):
            return dict(one)
    there = ", ".join(f"{one['probability']:g}" for one in part["ellipses"])
    raise InputError(
        f"{part['name']} has no ellipse of {probability:g}",
        key="--probability",
        value=probability,
        allowed=there,
    )


def _elliptical(part: Mapping[str, Any], probability: float) -> bool:
    return bool(_chosen(part, probability).get("elliptical", True))


def _footprint(part: Mapping[str, Any], probability: float) -> Footprint:
    """A part's ellipse in SI; its middle is the part's where it has none of its own."""
    one = _chosen(part, probability)
    count = int(part.get("count", 1))
    facts = [("surface", part.get("surface")), ("country", part.get("country"))]
    people = part.get("people_99") or {}
    if people.get("statement"):
        facts.append(("people", str(people["statement"])))
    return Footprint(
        name=str(part["name"]) if count == 1 else f"{part['name']} ({count})",
        probability=probability,
        latitude_rad=math.radians(one.get("latitude_deg", part["latitude_deg"])),
        longitude_rad=math.radians(one.get("longitude_deg", part["longitude_deg"])),
        semi_major_m=1e3 * one["semi_major_km"],
        semi_minor_m=1e3 * one["semi_minor_km"],
        azimuth_rad=math.radians(one["azimuth_deg"]),
        t_s=float(part["t_s"]),
        facts=tuple((key, value) for key, value in facts if value is not None),
    )
