"""Asking the planner from Python, and an answer that shows itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cosmodrome import campaign
from cosmodrome.campaign.progress import Tell
from cosmodrome.errors import InputError
from cosmodrome.mission.catalogue import SiteSheet, VehicleSheet
from cosmodrome.mission.catalogue.keeping import AS_STATED, KeptBack
from cosmodrome.mission.mission_file import load_mission_and_sheet
from cosmodrome.mission.nouns import Mission, Target
from cosmodrome.prompt.asking import Riders, changed, mission_from, sheet_from
from cosmodrome.prompt.command import command_line
from cosmodrome.prompt.plainly import in_plain_words
from cosmodrome.prompt.told import told_in_full

if TYPE_CHECKING:
    from pandas import DataFrame
    from plotly.graph_objects import Figure

    from cosmodrome.campaign.plan_interval import Draws

__all__ = ["Answer", "plan"]


@dataclass(frozen=True, slots=True, repr=False)
class Answer(campaign.Answer):
    """An answer of the planner that can show itself; see `cosmodrome.campaign.Answer`."""

    def _repr_html_(self) -> str:
        """A short table, for notebooks."""
        from cosmodrome.report import answer_html

        return answer_html(self)

    def to_dataframe(self) -> DataFrame:
        """The re-flown trajectory, one row per sample, units in the column names.

        Empty if nothing was flown.
        """
        from cosmodrome.report import answer_dataframe

        return answer_dataframe(self)

    def plot(self) -> Figure:
        """The flight against time as a Plotly figure.

        Raises
        ------
        InputError
            If nothing was flown.
        """
        from cosmodrome.report import answer_figure

        return answer_figure(self)

    def save(self, folder: str | Path) -> list[Path]:
        """Write mission, result, trajectory and report into a folder.

        Parameters
        ----------
        folder : path, made if it is not there

        Returns
        -------
        list of Path
            The files written.

        Raises
        ------
        InputError
            If the folder cannot be written to.
        """
        from cosmodrome.report import write_run_folder

        return write_run_folder(self, folder)


def plan(
    subject: str | Path | VehicleSheet | Mission,
    site: str | Path | SiteSheet | None = None,
    orbit: str | Target | None = None,
    *,
    payload_kg: float | None = None,
    epoch_utc: str | None = None,
    riders: Riders | None = None,
    kept: KeptBack = AS_STATED,
    interval: bool | Draws = False,
    options: campaign.PlanOptions | None = None,
    progress: Tell | None = None,
) -> Answer:
    """Plan an ascent: the largest payload, the optimal flight, and the proof.

    The same as `cosmodrome plan` on the command line.

    Parameters
    ----------
    subject : a vehicle's name, sheet or file; or a mission or mission file
        With a mission, `site`, `orbit`, `riders` and `kept` stay empty.
    site : name, name/pad, file or sheet
    orbit : orbit text such as "200 km 51.7 deg", or a target
    payload_kg : float or None
        None asks for the largest payload; a number for the flight of that
        payload and the propellant it leaves.
    epoch_utc : str or None, ISO 8601 with Z
    riders : what happens to inert parts that ride along, None as "default"
    kept : KeptBack
        Recovery of the first stage, velocity reserve and disposal of the last
        one, where they are not to be the sheet's.
    interval : bool or Draws
        Sample the 90 % interval of the payload; with `Draws` as many vehicles as
        it says, from its seed.
    options : PlanOptions or None
    progress : callable(text, share done) or None

    Returns
    -------
    Answer
        Its `status` is "optimal", "infeasible", "not_converged" or
        "verification_failed"; only the first carries a payload.

    Raises
    ------
    InputError
        Anything that cannot be used, with what is allowed.

    Examples
    --------
    ``plan("angara-1.2", "vostochny", "200 km 51.7 deg").payload_kg``
    """
    from cosmodrome.campaign.plan_interval import Draws, completed, plan_with_interval

    with in_plain_words():
        asked, sheet = _mission(subject, site, orbit, riders, kept)
    mission = changed(asked, payload_kg, epoch_utc)
    options = options or campaign.PlanOptions()
    texts = (subject, site or "", orbit or "")
    if options.command is None and all(isinstance(one, (str, Path)) for one in texts):
        said: dict[str, Any] = {"site": site, "orbit": orbit, "riders": riders}
        said |= {"payload_kg": payload_kg, "epoch_utc": epoch_utc, "interval": interval}
        said |= asdict(kept)
        said |= asdict(interval) | {"interval": True} if isinstance(interval, Draws) else {}
        options = replace(options, command=_command(str(subject), said, options))
    if interval:
        draws = interval if isinstance(interval, Draws) else Draws()
        found = plan_with_interval(mission, sheet, options, draws=draws, progress=progress)
    else:
        plain = campaign.plan_mission(mission, options, progress=progress)
        found = completed(plain, mission, sheet)
    found = told_in_full(found, sheet)
    return Answer(found.status, found.document, found.table, found.mission_toml, found.plan)


def _command(subject: str, said: dict[str, Any], options: campaign.PlanOptions) -> str:
    """What to type for the same answer."""
    usual, asked = campaign.PlanOptions().tolerances, options.tolerances
    said |= {"mesh_check": options.mesh_check, "other_starts": options.independent}
    if asked.position_m != usual.position_m:
        said["position_tolerance_m"] = asked.position_m
    if asked.velocity_m_s != usual.velocity_m_s:
        said["velocity_tolerance_m_s"] = asked.velocity_m_s
    return command_line(("plan", subject), said)


def _mission(
    subject: str | Path | VehicleSheet | Mission,
    site: str | Path | SiteSheet | None,
    orbit: str | Target | None,
    riders: Riders | None,
    kept: KeptBack,
) -> tuple[Mission, VehicleSheet | None]:
    """A mission from three things, or the mission that was given alone; its sheet if known."""
    if site is not None and orbit is not None and not isinstance(subject, Mission):
        sheet = sheet_from(subject, riders, kept)
        return mission_from(sheet, site, orbit), sheet
    if site is None and orbit is None and riders is None and kept == AS_STATED:
        if isinstance(subject, Mission):
            return subject, None
        if str(subject).lower().endswith(".toml"):
            return load_mission_and_sheet(str(subject))
    raise InputError(
        "say where it starts and where it goes, or give a mission alone",
        key="site" if site is None else "orbit",
        allowed='plan("angara-1.2", "vostochny", "200 km 51.7 deg") or plan("mission.toml")',
    )
