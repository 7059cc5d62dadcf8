"""Any of the files we read, told by what stands in it and not by its name."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Any

from cosmodrome.errors import InputError
from cosmodrome.io.bounds import Source, read_bytes
from cosmodrome.io.conversion import state_of, trajectory_of
from cosmodrome.io.mean_elements import elements_of
from cosmodrome.io.message import Message, Oem
from cosmodrome.io.oem import oem_from_kvn, oem_from_xml
from cosmodrome.io.parameters import messages_from_kvn, messages_from_xml
from cosmodrome.io.tables import trajectory_from_csv, trajectory_from_parquet
from cosmodrome.io.tle import Tle, tles_from_text
from cosmodrome.io.xml_items import read_xml
from cosmodrome.orbit.motion import Motion, Tabulated, TwoBody
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.state import Trajectory, in_frame

__all__ = ["Reading", "motions_of", "read_any", "trajectory_from"]

_ROOT = re.compile(r"<(?:\w+:)?(oem|opm|omm)[\s>]")
_FORMATS = "OEM, OPM or OMM (KVN or XML), TLE, CSV with a head line, Parquet"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file held.

    Parameters
    ----------
    form : str, "OEM", "OPM", "OMM", "TLE", "CSV" or "PARQUET"
    content : Oem for OEM; Message for OPM; tuple of Message for OMM; tuple of
        Tle; Trajectory for CSV and PARQUET
    source : str, the file
    warnings : tuple of str, what was let pass
    """

    form: str
    content: Any
    source: str
    warnings: tuple[str, ...] = ()

    @property
    def one(self) -> str:
        """The form with its article, as it is said: an OEM, a TLE."""
        return f"{'an' if self.form[0] in 'AEFHILMNORSX' else 'a'} {self.form}"


def read_any(
    path: str | os.PathLike[str], *, epoch: Epoch | None = None, frame: str | None = None
) -> Reading:
    """Read a file of any form we know, told by its content.

    Parameters
    ----------
    path : path of the file
    epoch, frame : as `tables.read_csv`, for a table that does not say them

    Raises
    ------
    InputError
        With file, line and reason if it is broken, or none of ours.
    """
    source, content = read_bytes(path)
    if content[:4] == b"PAR1":
        return Reading("PARQUET", trajectory_from_parquet(source, content), source.name)
    text = source.decoded(content)
    form = _form(source, text)
    found: Any
    warnings: tuple[str, ...] = ()
    as_xml = text.lstrip().startswith("<")
    if form == "OEM":
        found = (oem_from_xml if as_xml else oem_from_kvn)(source, text)
        warnings = found.warnings
    elif form in ("OPM", "OMM"):
        many = (messages_from_xml if as_xml else messages_from_kvn)(source, text, form)
        warnings = tuple(w for message in many for w in message.warnings)
        if not many or (form == "OPM" and len(many) > 1):
            raise source.refused(None, f"{len(many)} {form} stand in it", allowed=f"one {form}")
        found = many[0] if form == "OPM" else many
    elif form == "TLE":
        found = tles_from_text(source, text)
    else:
        found = trajectory_from_csv(source, text, epoch=epoch, frame=frame)
    return Reading(form, found, source.name, warnings)


def _form(source: Source, text: str) -> str:
    """The form of a text, by its first lines."""
    if text.lstrip().startswith("<"):
        found = _ROOT.search(text)
        # Without one, the parser says what is wrong.
        return found[1].upper() if found else read_xml(source, text)[0].kind
    lines = [line for line in text[:20000].splitlines() if line.strip()][:3]
    for form in ("OEM", "OPM", "OMM"):
        if lines[0].lstrip().startswith(f"CCSDS_{form}_VERS"):
            return form
    if any(line.startswith(("1 ", "2 ")) and len(line.rstrip()) > 60 for line in lines):
        return "TLE"
    if lines[0].count(",") >= 6:
        return "CSV"
    raise source.refused(1, "this is no form of file we read", value=lines[0], allowed=_FORMATS)


def trajectory_from(reading: Reading) -> Trajectory:
    """The trajectory of an OEM, a CSV or a Parquet.

    Raises
    ------
    InputError
        If the file is of another form, or cannot be converted (named).
    """
    if isinstance(reading.content, Trajectory):
        return reading.content
    if isinstance(reading.content, Oem):
        return trajectory_of(reading.content)
    raise InputError(
        f"{reading.source}: {reading.one} holds no trajectory; propagate it first",
        file=reading.source,
        key="form",
        value=reading.form,
        allowed="OEM, CSV or Parquet",
    )


def motions_of(reading: Reading) -> tuple[tuple[str, Motion], ...]:
    """Name and motion of every object of a file.

    A table is interpolated between its states, an OPM moves as two bodies,
    elements of a TLE or OMM by SGP4.

    Parameters
    ----------
    reading : Reading

    Raises
    ------
    InputError
        If something in it cannot be converted (named).

    Accuracy
    --------
    As `orbit.motion`; two bodies stray by up to 10 km in a revolution, so an
    OPM is better propagated.
    """
    content = reading.content
    if reading.form == "OPM":
        assert isinstance(content, Message)
        state = state_of(content)
        inertial = in_frame(state, "GCRF") if state.frame == "ITRF" else state
        return ((content.metadata.get("OBJECT_NAME"), TwoBody(inertial)),)
    if reading.form == "OMM":
        every = [elements_of(message) for message in content]
        return tuple((one.name, one.motion()) for one in every)
    if reading.form == "TLE":
        tles: tuple[Tle, ...] = content
        return tuple((t.name or f"{t.elements.catalogue:05d}", t.motion()) for t in tles)
    name = reading.source
    if isinstance(content, Oem):
        name = content.segments[0].metadata.get("OBJECT_NAME")
    return ((name, Tabulated(trajectory_from(reading))),)
