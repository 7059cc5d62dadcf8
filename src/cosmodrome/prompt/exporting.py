"""A flight as a file of another program: the label, the fit's residual, the covariance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from cosmodrome.campaign.disperse_insertion import published_accuracy
from cosmodrome.errors import InputError
from cosmodrome.io.conversion import Label
from cosmodrome.io.export import FORMS, exported, fitted
from cosmodrome.io.injection import injection_covariance
from cosmodrome.io.mean_elements import short_designator
from cosmodrome.prompt.orbit_source import OrbitSource
from cosmodrome.world.state import State, in_frame

__all__ = ["Export", "export", "named"]

_FITTED: Final = ("omm", "omm-xml", "tle")
_WITH_COVARIANCE: Final = ("oem", "oem-xml", "opm", "opm-xml")


@dataclass(frozen=True, slots=True)
class Export:
    """The content of a file, and what is to be said of it.

    Parameters
    ----------
    content : bytes
    notes : tuple of str, residual of a fit, source of a covariance
    """

    content: bytes
    notes: tuple[str, ...]


def export(source: OrbitSource, form: str, label: Label, *, frame: str = "EME2000") -> Export:
    """The trajectory of a run folder or a table in a standard form.

    Parameters
    ----------
    source : OrbitSource
    form : str, of `io.export.FORMS`
    label : Label
    frame : str, for OEM and OPM

    Raises
    ------
    InputError
        If the form is not known, or the source has no trajectory.

    Accuracy
    --------
    As `io.export.exported`.
    """
    plain = form.strip().lower()
    if plain not in FORMS:
        raise InputError(
            f"form {form[:20]!r} is not known", key="--format", value=form, allowed=", ".join(FORMS)
        )
    if source.trajectory is None:
        raise InputError(
            f"{source.told}: there is no trajectory in it; propagate it first",
            key="RUN",
            allowed="a run folder, an OEM, CSV or Parquet; or `cosmodrome propagate ... --out`",
        )
    notes: list[str] = []
    covariance = None
    if plain in _WITH_COVARIANCE:
        covariance, told = _covariance(source, source.trajectory.state(-1))
        notes.append(told)
    fit = None
    if plain == "tle":
        _refuse_designator(label.designator)
    if plain in _FITTED:
        fit = fitted(source.trajectory.state(-1), label)
        notes += fit.notes()
        if plain == "tle":
            notes.append(
                f"to a TLE's digits {fit.tle_rms_m:.1f} m rms, {fit.tle_max_m:.1f} m at most"
            )
    flight = source.trajectory
    if source.vehicle is not None and plain.startswith("opm"):
        # What is flown to insertion still has the stage on it: no mass of the payload.
        flight = replace(flight, mass_kg=None)
    content = exported(flight, plain, label, covariance_m=covariance, frame=frame, fit=fit)
    return Export(content, tuple(note for note in notes if note))


def _refuse_designator(text: str) -> None:
    """A TLE has eight columns for it; the other forms take any text."""
    if text and not short_designator(text).strip():
        raise InputError(
            f"{text[:40]!r} is no international designator, which is all that a TLE has room for",
            key="--designator",
            value=text,
            allowed="year, launch and piece, as 2027-001A",
        )


def _covariance(source: OrbitSource, last: State) -> tuple[tuple[str, Any] | None, str]:
    """From the launcher's published accuracy, where the catalogue has one for such an orbit."""
    state = in_frame(last, "TOD")
    known = None if source.vehicle is None else published_accuracy(source.vehicle, state)
    if known is None:
        who = source.vehicle or "this file"
        return None, f"no covariance: no injection accuracy for such an orbit is known of {who}"
    accuracy, printed = known
    told = (
        f"covariance from the accuracy printed for {printed.orbit} ({printed.source}); "
        "of heights and inclination alone, nothing is printed of the rest"
    )
    return injection_covariance(state, accuracy), told


def named(source: OrbitSource) -> str:
    """What the object is called in a file, unless said."""
    name = source.satellites[0].name
    return name.upper() if source.vehicle is not None else Path(name).name
