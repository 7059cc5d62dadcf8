"""Jobs that go on from a flight: drop zones, hazards, casualties, dispersions, windows."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from cosmodrome.errors import InputError
from cosmodrome.io.writing import write_whole
from cosmodrome.web.uploads import checked_toml
from cosmodrome.web.work import Made, Place, Question, Tell, Work, keep

__all__ = ["casualty_job", "disperse_job", "dropzones_job", "hazard_job", "windows_job"]

_DRAWN: Final = (0.5, 0.9, 0.99)


def dropzones_job(asked: Question, place: Place) -> Work:
    """`cosmodrome dropzones`."""
    run_name, given = _flight(asked, place), _falls(asked, place)

    def run(tell: Tell) -> Made:
        from cosmodrome.prompt.dropzones import dropzones
        from cosmodrome.prompt.dropzones_files import zones_file

        found = dropzones(run_name, **given, progress=tell)
        endings = (".geojson", ".kml", ".csv")
        files = {f"dropzones{ending}": zones_file(found, ending) for ending in endings}
        keep(place, found.document, **files)
        return Made("done", {"count": len(found.document["parts"])})

    return run


def hazard_job(asked: Question, place: Place) -> Work:
    """`cosmodrome hazard`."""
    from cosmodrome.world.epoch import Epoch

    run_name, given = _flight(asked, place), _falls(asked, place)
    if asked["probability"] not in _DRAWN:
        raise InputError(
            f"there is no ellipse of {asked['probability']:g}",
            key="probability",
            value=asked["probability"],
            allowed=", ".join(f"{one:g}" for one in _DRAWN),
        )
    if asked["epoch_utc"] is not None:
        Epoch.parse(asked["epoch_utc"])
    overlap = place.named(asked["overlap"])
    if overlap is not None:
        from cosmodrome.io.hazard_text import published_area

        published_area(overlap)

    def run(tell: Tell) -> Made:
        from cosmodrome.prompt.hazard import hazard

        found = hazard(
            run_name,
            overlap=overlap,
            epoch_utc=asked["epoch_utc"],
            minutes=asked["minutes"],
            probability=asked["probability"],
            **given,
            progress=tell,
        )
        for form, ending in (("kml", "kml"), ("czml", "czml"), ("text", "txt")):
            write_whole(place.folder / f"hazard.{ending}", found.content(form).encode())
        content = found.content("geojson").encode()
        for name in ("hazard.geojson", "result.json"):
            write_whole(place.folder / name, content)
        return Made("done", {"count": len(found.areas)})

    return run


def casualty_job(asked: Question, place: Place) -> Work:
    """`cosmodrome casualty`."""
    run_name = _flight(asked, place)

    def run(tell: Tell) -> Made:
        from cosmodrome.prompt.casualty import casualty
        from cosmodrome.report.safety_page import safety_page

        kind, phases = asked["vehicle_class"], asked["phases"]
        found = casualty(run_name, kind=kind, phases=phases, progress=tell)
        tell("page", 0.95)
        page = safety_page(casualty=found.document, assessment=found.assessment)
        keep(place, found.document, **{"casualty.html": page})
        return Made("done", {"estimates": len(found.document["estimates"])})

    return run


def disperse_job(asked: Question, place: Place) -> Work:
    """`cosmodrome disperse`; the journal is in the job's folder, so that it goes on."""
    from cosmodrome.campaign.disperse import Hands, check_dispersion
    from cosmodrome.prompt.disperse import accuracy_of, journal_of, question_of

    sigmas = place.named(asked["sigmas"])
    if sigmas is not None:
        checked_toml(Path(sigmas))
    names = ("samples", "payload_samples", "seed", "method")
    question = question_of(
        _flight(asked, place),
        **{name: asked[name] for name in names},
        sigmas=sigmas,
        accuracy=accuracy_of(asked),
    )
    journal = journal_of(question, place.folder)
    hands = Hands(journal=journal, folder=place.folder, most_hours=asked["most_hours"])
    check_dispersion(question, hands)

    def run(tell: Tell) -> Made:
        from cosmodrome.prompt.disperse import dispersions, samples_file

        found = dispersions(question, hands, command=place.command, progress=tell)
        tell("writing", 0.99)
        keep(place, found.document, **{"samples.parquet": samples_file(found)})
        journal.unlink(missing_ok=True)
        margin = found.document["payload_margin_kg"]
        spare = None if margin is None else margin["p50"]
        return Made("done", {"samples": question.samples, "spare_kg": spare})

    return run


def windows_job(asked: Question, place: Place) -> Work:
    """`cosmodrome windows`."""
    from cosmodrome.prompt.windows import PlaneWords, Wishes, windows

    keys = ("raan_deg", "ltan", "ltdn", "satellite", "meet_days")
    plane = PlaneWords(**{key: asked[key] for key in keys}, file=place.named(asked["plane_of"]))
    same = ("leg", "any_azimuth", "beta_min_deg", "beta_max_deg", "eclipse_max_percent")
    wishes = Wishes(
        **{key: asked[key] for key in (*same, "payload_kg", "first_days")},
        daylight=tuple(asked["daylight"]),
        phase_deg=None if asked["phase_deg"] is None else tuple(asked["phase_deg"]),
        node_curve=place.named(asked["node_curve"]),
    )
    run_name = None if asked["run"] is None else _flight(asked, place)
    if run_name is None:
        _refuse_unsaid(asked)

    def run(tell: Tell) -> Made:
        from cosmodrome.prompt.listing import rows_csv
        from cosmodrome.report.window_page import window_page

        document = windows(
            run_name,
            site=asked["site"],
            orbit=asked["orbit"],
            plane=plane,
            start_utc=asked["start_utc"],
            days=asked["days"],
            wishes=wishes,
            progress=tell,
        )
        rows = [
            {key: value for key, value in one.items() if key != "conditions"} | one["conditions"]
            for one in document["windows"]
        ]
        files = {"windows.csv": rows_csv(rows), "windows.html": window_page(document)}
        keep(place, document, **files)
        return Made("done", {"count": len(document["windows"])})

    return run


def _refuse_unsaid(asked: Question) -> None:
    """What can be refused before anything is searched."""
    from cosmodrome.mission.orbit_text import parse_orbit
    from cosmodrome.prompt import site_from

    if asked["site"] is None or (asked["orbit"] is None and asked["plane_of"] is None):
        raise InputError(
            "say where it starts and where it goes",
            key="site" if asked["site"] is None else "orbit",
            allowed="`run`, or `site` with `orbit` or `plane_of`",
        )
    site_from(asked["site"])
    if asked["orbit"] is not None:
        parse_orbit(asked["orbit"])


def _flight(asked: Question, place: Place) -> str:
    """The name of a run that holds a flight, as the task sees it.

    Raises
    ------
    InputError
        If it has none.
    """
    from cosmodrome.prompt.orbit_source import orbit_source

    name = str(place.named(asked["run"]))
    orbit_source(name)
    return name


def _falls(asked: Question, place: Place) -> dict[str, Any]:
    from cosmodrome.prompt.dropzones import read_wind

    given = {"samples": asked["samples"], "seed": asked["seed"]}
    wind = place.named(asked["wind"])
    if wind is not None:
        read_wind(wind)
    said = {key: value for key, value in given.items() if value is not None}
    return said if wind is None else {**said, "wind": wind}
