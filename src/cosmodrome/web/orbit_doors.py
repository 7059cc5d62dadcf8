"""Jobs that follow an orbit: passes, eclipses, states, coverage, lifetime, screening."""

from __future__ import annotations

from typing import Any

from cosmodrome.errors import InputError
from cosmodrome.web.work import Made, Place, Question, Tell, Work, keep

__all__ = [
    "coverage_job",
    "eclipses_job",
    "lifetime_job",
    "passes_job",
    "propagate_job",
    "repeat_job",
    "screen_job",
]


def source_of(asked: Question, place: Place) -> Any:
    """Where the orbit comes from, and which of its satellites.

    Raises
    ------
    InputError
        Anything that cannot be used.
    """
    from cosmodrome.prompt.orbit_source import chosen, orbit_source

    found = orbit_source(
        place.named(asked["run"]),
        orbit=asked["orbit"],
        epoch_utc=asked["epoch_utc"],
        file=place.named(asked["file"]),
    )
    return chosen(found, asked["satellites"])


def _span(asked: Question, source: Any, usual: float | None = None, fleet: int = 0) -> Any:
    """The stretch of time; a constellation counts as `fleet` satellites."""
    from cosmodrome.prompt.flying import span_of

    found = span_of(source, asked["start_utc"], usual if asked["days"] is None else asked["days"])
    most = asked["most_days"] * 86400.0
    if found.duration_s * max(fleet, len(source.satellites)) > most:
        raise InputError(
            "this is longer than this server takes on",
            key="days",
            value=asked["days"],
            allowed=f"at most {asked['most_days']:g} days of one satellite; the command line "
            "takes more",
        )
    return found


def passes_job(asked: Question, place: Place) -> Work:
    """`cosmodrome passes`."""
    from cosmodrome.orbit.stations import station
    from cosmodrome.prompt.flying import flown
    from cosmodrome.prompt.listing import rows_csv
    from cosmodrome.prompt.pass_list import found_passes, pass_document

    places = [station(name) for name in asked["stations"]]
    source = source_of(asked, place)
    span = _span(asked, source)

    def run(tell: Tell) -> Made:
        moving = flown(source, span, asked["method"], drag_m2_kg=asked["drag_m2_kg"], tell=tell)
        least = asked["min_elevation_deg"]
        found = found_passes(moving.motions, places, span, least, tell)
        document = pass_document(
            source,
            span,
            moving,
            found,
            min_elevation_deg=least,
            frequency_mhz=asked["frequency_mhz"],
        )
        keep(place, document, **{"passes.csv": rows_csv(document["passes"])})
        return Made("done", {"count": len(found)})

    return run


def eclipses_job(asked: Question, place: Place) -> Work:
    """`cosmodrome eclipses`."""
    from cosmodrome.prompt.flying import flown
    from cosmodrome.prompt.listing import about, rows_csv
    from cosmodrome.prompt.shadow import YEAR_DAYS, found_eclipses, long_enough, shadow_of

    source, every = source_of(asked, place), asked["profile_days"]
    span = _span(asked, source, None if every is None else YEAR_DAYS)

    def run(tell: Tell) -> Made:
        drag, whole = asked["drag_m2_kg"], long_enough(span, every)
        moving = flown(source, whole, asked["method"], drag_m2_kg=drag, tell=tell)
        shadow = shadow_of(oblate=asked["oblate"], apparent=asked["apparent"])
        found = found_eclipses(moving.motions, span, shadow, every, tell, contacts=True)
        rows = found["eclipses" if every is None else "profile"]
        document = about(source, span, moving) | found
        keep(place, document, **{"eclipses.csv": rows_csv(rows)})
        return Made("done", {"count": len(found["eclipses"])})

    return run


def propagate_job(asked: Question, place: Place) -> Work:
    """`cosmodrome propagate`."""
    from cosmodrome.prompt.satellite import carried
    from cosmodrome.prompt.states import states_document

    source = source_of(asked, place)
    span, step = _span(asked, source), asked["step_s"]
    if span.duration_s / step > asked["most_states"]:
        raise InputError(
            "these are more states than this server gives",
            key="step_s",
            value=step,
            allowed=f"steps that make at most {asked['most_states']} states",
        )

    def run(tell: Tell) -> Made:
        from cosmodrome.io.conversion import Label
        from cosmodrome.io.export import exported
        from cosmodrome.prompt.clock import now

        tell("states", 0.0)
        drag = asked["drag_m2_kg"]
        found, how = carried(source, span, step, asked["frame"], asked["method"], drag_m2_kg=drag)
        tell("writing", 0.9)
        label = Label(now(), source.satellites[0].name)
        files = {
            f"states.{form}": exported(found, form, label, frame=found.frame)
            for form in ("csv", "oem", "czml", "kml", "geojson", "parquet")
        }
        keep(place, states_document(found, how, source, span), **files)
        return Made("done", {"count": len(found.t_s)})

    return run


def coverage_job(asked: Question, place: Place) -> Work:
    """`cosmodrome coverage`."""
    from cosmodrome.prompt.coverage import (
        USUAL_DAYS,
        coverage_document,
        pattern_of,
        places_of,
        refuse_looks,
    )
    from cosmodrome.prompt.listing import rows_csv

    said = {**asked, "area": place.named(asked["area"])}
    refuse_looks(said)
    source = source_of(asked, place)
    pattern = pattern_of(source, said)
    fleet = len(source.satellites) if pattern is None else pattern.total
    span = _span(asked, source, USUAL_DAYS, fleet)
    looked = places_of(said)[0].size * fleet
    if looked > asked["most_places"]:
        raise InputError(
            f"{looked} places times satellites are more than this server takes on",
            key="spacing_deg" if asked["points"] in ((), []) else "points",
            value=looked,
            allowed=f"at most {asked['most_places']}; the command line takes more",
        )

    def run(tell: Tell) -> Made:
        document = coverage_document(source, span, said, tell)
        keep(place, document, **{"coverage.csv": rows_csv(document["points"])})
        share = document["seen_fraction"]
        return Made("done", {"count": len(document["points"]), "seen_fraction": share})

    return run


def repeat_job(asked: Question, place: Place) -> Work:
    """`cosmodrome repeat`."""
    from cosmodrome.prompt.listing import rows_csv
    from cosmodrome.prompt.repeat import repeat_document

    document = repeat_document(asked)  # at once: it takes no time

    def run(_tell: Tell) -> Made:
        keep(place, document, **{"repeat.csv": rows_csv(document["orbits"])})
        return Made("done", {"count": len(document["orbits"])})

    return run


def lifetime_job(asked: Question, place: Place) -> Work:
    """`cosmodrome lifetime`."""
    from cosmodrome.prompt.decay import body_of, decay_document
    from cosmodrome.prompt.flying import mean_orbit

    source = source_of(asked, place)
    orbit, body = mean_orbit(source.only()), body_of(asked)

    def run(tell: Tell) -> Made:
        document = decay_document(orbit, body, asked, tell)
        document |= {"orbit": source.told, "notes": list(source.notes)}
        keep(place, document)
        return Made("done", {"years": document["years"]})

    return run


def screen_job(asked: Question, place: Place) -> Work:
    """`cosmodrome screen`."""
    from cosmodrome.prompt.listing import rows_csv
    from cosmodrome.prompt.screen import Question as Screened
    from cosmodrome.prompt.screen import screened, uncertainty_of

    source = source_of(asked, place)
    same = ("start_utc", "minutes", "orbits", "keep_out_km", "crewed_km", "within_km")
    given: dict[str, Any] = {key: asked[key] for key in same}
    for key in ("crewed", "leave_out"):
        given[key] = ",".join(map(str, asked[key])) if asked[key] else None
    given["uncertainty"] = uncertainty_of(asked)
    question = Screened(str(place.named(asked["catalogue"])), **given)

    def run(tell: Tell) -> Made:
        document = screened(source, question, method=asked["method"], tell=tell)
        keep(place, document, **{"closed.csv": rows_csv(document["closed"])})
        count = {"closed": len(document["closed"]), "approaches": len(document["approaches"])}
        return Made("done", count)

    return run
