"""One stretch of a map: altitudes between two sets of fresh starts, at one inclination."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cosmodrome.campaign.map_cell import (
    SAME,
    Found,
    Known,
    Surveyor,
    beats,
    cell_row,
    worth_going_on,
    worth_of,
)
from cosmodrome.mission.nouns import Mission
from cosmodrome.runs import Outcome

__all__ = ["Stretch", "survey_stretch"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring altitudes, increasing; the last one gets fresh starts.

    Parameters
    ----------
    place : int, of the site's mission
    inclination_deg : float
    altitudes_km : tuple of float
    """

    place: int
    inclination_deg: float
    altitudes_km: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _End:
    """What a stretch leaves to the next: its last altitude and the ways worth going on with."""

    altitude_km: float
    worth_kg: float | None
    ways: tuple[Known, ...]
    done: tuple[tuple[float, float | None], ...] = ()  # altitude and worth of every cell below
    beyond: bool = False


def survey_stretch(surveyor: Surveyor, asked: Stretch, before: bytes | None) -> Outcome:
    """The cells of a stretch, and what it leaves to the next one.

    Parameters
    ----------
    surveyor : Surveyor
    asked : Stretch
    before : bytes or None, what the stretch below left; None for the lowest

    Returns
    -------
    Outcome
        Rows of cells; it may tell a cell below it anew, which is then the better one.
    """
    # What this program itself wrote into its journal, and nothing else.
    below = None if before is None else pickle.loads(zlib.decompress(before))  # noqa: S301
    cells, end = _Walker(surveyor).survey(asked, below)
    return Outcome(cells, zlib.compress(pickle.dumps(end), 1))


class _Walker:
    """Walks one stretch with a surveyor."""

    def __init__(self, surveyor: Surveyor) -> None:
        self._at = surveyor

    def survey(self, asked: Stretch, below: _End | None) -> tuple[list[dict[str, Any]], _End]:
        """The cells of a stretch, and what it leaves."""
        heights = asked.altitudes_km
        if below is not None and below.beyond:
            return [_beyond(h, below.altitude_km) for h in heights], below
        missions = [self._at.mission(asked.place, asked.inclination_deg, h) for h in heights]
        last = self._fresh_cell(missions[-1], below)
        found = [Found() for _ in heights[:-1]] + [last]
        checked = ""
        if below is not None:
            carried = self._walk(missions, below.ways)
            gap = _gap(carried[-1], last)
            checked = _told(below.altitude_km, heights[-1], gap)
            for one, ways in zip(found[:-1], carried, strict=False):
                one.ways += ways
            self._from_above(missions, found, agreed=gap is not None and abs(gap) <= SAME)
            if gap is not None and gap > SAME:
                self._take_over(missions[-1], last, carried[-1])
        for mission, one in zip(missions[:-1], found, strict=False):
            self._at.settle(mission, one)
        end = _end(asked, found, below)
        rows = [
            cell_row(m, h, one, checked) for m, h, one in zip(missions, heights, found, strict=True)
        ]
        if below is not None:
            rows += self._descend(asked, found[0], below)
        return rows, end

    def _fresh_cell(self, mission: Mission, below: _End | None) -> Found:
        watch = below is not None and any(one.start.watch for one in below.ways)
        # A lone start has a lofted twin to check it; continuation checks it as well.
        ways = self._at.fresh(mission, watch=watch, twin=below is None)
        found = Found(ways, fresh=True)
        self._at.settle(mission, found)
        return found

    def _walk(self, missions: list[Mission], ways: Iterable[Known]) -> list[list[Known]]:
        """Continue ways from mission to mission; where one is lost it stays lost."""
        carried: list[list[Known]] = []
        at_hand = list(ways)
        for mission in missions:
            stepped = (self._at.step(mission, one) for one in at_hand)
            at_hand = [one for one in stepped if one is not None]
            carried.append(list(at_hand))
        return carried

    def _from_above(self, missions: list[Mission], found: list[Found], *, agreed: bool) -> None:
        """Downward from the fresh starts: every way if the check failed, else the new ones."""
        known = {one.kind for one in found[0].ways} if len(found) > 1 else set()
        ways = [w for w in worth_going_on(found[-1]) if not (agreed and w.kind in known)]
        carried = self._walk(missions[-2::-1], ways)
        for one, mission, more in zip(found[-2::-1], missions[-2::-1], carried, strict=True):
            one.ways += more
            if not agreed:
                watch = any(way.start.watch for way in one.ways)
                one.ways += self._at.fresh(mission, watch=watch)
                one.fresh = True

    def _descend(self, asked: Stretch, lowest: Found, below: _End) -> list[dict[str, Any]]:
        """Cells below this stretch that are better continued from above, told anew.

        Fresh starts may have missed down there what they found up here.
        """
        known = {one.kind for one in below.ways}
        best = lowest.best
        done = list(below.done)
        if best is None or (best.kind in known and not lowest.fresh):
            return []
        rows, ways, from_km = [], [best], asked.altitudes_km[0]
        while done and ways:
            altitude_km, worth_kg = done.pop()
            mission = self._at.mission(asked.place, asked.inclination_deg, altitude_km)
            ways = [one for way in ways if (one := self._at.step(mission, way)) is not None]
            found = Found(ways)
            if not ways or not beats(ways[0].worth_kg, worth_kg):
                break
            self._at.settle(mission, found)
            if found.best is None or not beats(found.best.worth_kg, worth_kg):
                break
            told = f"continuation from {from_km:g} km down is better than what fresh starts found"
            rows.append(cell_row(mission, altitude_km, found, told))
            ways = [found.best]
        return rows

    def _take_over(self, mission: Mission, last: Found, carried: list[Known]) -> None:
        """Where continuation beats the fresh starts, it is the answer there too."""
        best = None if last.best is None else last.best.worth_kg
        better = [one for one in carried if beats(one.worth_kg, best)]
        if better:
            last.ways += better
            self._at.settle(mission, last)


def _gap(carried: list[Known], last: Found) -> float | None:
    """How far continuation came out above the fresh starts, relative; None if lost.

    Compared is the kind of ascent that wins, or, where that one is new here, the
    best of those that were carried. The winner is known before and after it was
    aimed lower for the judge, as what is carried may be either; the nearer one counts.
    """
    if not carried or last.best is None:
        return None
    top = max((one for one in carried if one.kind == last.best.kind), key=worth_of, default=None)
    top = top or max(carried, key=worth_of)
    same = [one for one in last.ways if one.kind == top.kind]
    rivals = [max(same, key=worth_of)] if same else []
    if last.best.kind == top.kind or not same:
        rivals.append(last.best)
    gaps = [(top.worth_kg - one.worth_kg) / max(abs(one.worth_kg), 1.0) for one in rivals]
    return min(gaps, key=abs)


def _told(below_km: float, above_km: float, gap: float | None) -> str:
    """How continuation and fresh starts agree, in words."""
    went = f"continuation from {below_km:g} km to {above_km:g} km"
    if gap is None:
        return f"{went} was lost on the way, so every cell between has fresh starts"
    told = f"{went} ends {100.0 * gap:+.3f} % from the fresh starts there"
    return told if abs(gap) <= SAME else f"{told}, so every cell between has fresh starts"


def _end(asked: Stretch, found: list[Found], below: _End | None) -> _End:
    """What a stretch leaves behind."""
    worths = [None if one.best is None else one.best.worth_kg for one in found]
    done = () if below is None else below.done
    done += tuple(zip(asked.altitudes_km, worths, strict=True))
    worth, before = worths[-1], None if below is None else below.worth_kg
    beyond = worth is not None and before is not None and worth <= 0.0 and worth < before
    return _End(asked.altitudes_km[-1], worth, worth_going_on(found[-1]), done, beyond)


def _beyond(altitude_km: float, known_km: float) -> dict[str, Any]:
    reason = f"out of reach at {known_km:g} km already, and payload falls with altitude"
    return {"altitude_km": altitude_km, "status": "infeasible", "reason": reason}
