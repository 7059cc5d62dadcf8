"""Payload maps kept in the user's cache folder, each under the hash of its inputs."""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cosmodrome.campaign.payload_map import Cell, MapQuestion, map_stamp, payload_map
from cosmodrome.campaign.progress import Tell
from cosmodrome.errors import InputError
from cosmodrome.io.writing import write_whole

__all__ = ["MapStore", "cache_folder"]

_FORM = "cosmodrome map 1"
_DIGITS = 16  # of the hash, in a file's name; the whole of it stands inside


def cache_folder() -> Path:
    """Where maps are kept unless a folder is named: this system's place for caches."""
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return base / "cosmodrome" / "maps"


class MapStore:
    """Maps on disk.

    A map is found again only if everything it depends on is the same: vehicle,
    site, Earth, limits, grid, tolerances, program. A file that is damaged or of
    something else counts as not there.

    Parameters
    ----------
    folder : Path or None, `cache_folder` by default; made when first written to
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or cache_folder()

    def cells(self, question: MapQuestion) -> tuple[Cell, ...] | None:
        """The cells of a map that was built before, or None.

        Raises
        ------
        InputError
            If what should be the folder is a file.
        """
        if self.folder.exists() and not self.folder.is_dir():
            self._prepare()
        stamp = map_stamp(question)
        try:
            kept = json.loads(self._path(question, stamp).read_text("utf-8"))
            if (kept["form"], kept["stamp"]) != (_FORM, stamp):
                return None
            return tuple(_cell(row) for row in kept["cells"])
        except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError):
            return None

    def build(
        self, question: MapQuestion, *, workers: int | None = None, tell: Tell | None = None
    ) -> tuple[Cell, ...]:
        """The cells of a map: as built before, or built now and kept.

        An interrupted map goes on where it stopped. Maps of the same grid whose
        inputs have changed are removed.

        Raises
        ------
        InputError
            If the folder cannot be written to; before anything is built.
        """
        known = self.cells(question)
        if known is not None:
            return known
        stamp = map_stamp(question)
        path = self._path(question, stamp)
        self._prepare()
        journal = path.with_suffix(".journal")
        cells = payload_map(question, journal=journal, workers=workers, tell=tell).cells
        self.keep(question, cells)
        journal.unlink(missing_ok=True)
        return cells

    def keep(self, question: MapQuestion, cells: tuple[Cell, ...]) -> None:
        """Keep a finished map, and drop what its old inputs had given."""
        stamp = map_stamp(question)
        path = self._path(question, stamp)
        self._prepare()
        document = {"form": _FORM, "stamp": stamp, "cells": [asdict(cell) for cell in cells]}
        write_whole(path, json.dumps(document, allow_nan=False).encode())
        for old in self.folder.glob(f"{_name(question)}.*.json"):
            if old != path:
                old.unlink(missing_ok=True)

    def _path(self, question: MapQuestion, stamp: str) -> Path:
        return self.folder / f"{_name(question)}.{stamp[:_DIGITS]}.json"

    def _prepare(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            raise InputError(
                f"{self.folder}: no folder for payload maps ({reason})",
                file=str(self.folder),
                value=str(self.folder),
                allowed="a folder that exists or can be made; XDG_CACHE_HOME names another",
            ) from error


def _name(question: MapQuestion) -> str:
    """Which map it is, whatever its inputs: vehicles, pads, grid."""
    parts = [f"{one.vehicle.name}_{one.site.name}_{one.site.pad}" for one in question.missions]
    grid = (question.altitudes_km, question.inclinations_deg)
    parts += ["-".join(f"{value:g}" for value in values) for values in grid]
    return re.sub(r"[^A-Za-z0-9.+-]+", "_", "_".join(parts))[:150]


def _cell(row: dict[str, Any]) -> Cell:
    return Cell(**{**row, "limits_reached": tuple(row["limits_reached"])})
