"""Data made and brought down: volume a day over the stations, storage, area seen."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.orbit.passes import find_passes
from cosmodrome.orbit.stations import station
from cosmodrome.satellite.budget import Budget, Line, Table, given, result
from cosmodrome.satellite.flown_orbit import FlownOrbit
from cosmodrome.satellite.link import closing_elevation_rad
from cosmodrome.satellite.spacecraft import Instrument, Radio, Spacecraft
from cosmodrome.world.environment import Environment
from cosmodrome.world.epoch import Epoch

__all__ = ["SEARCHED_DAYS", "contacts", "data_budget", "merged", "peak_stored_bit"]

Floats = NDArray[np.float64]

SEARCHED_DAYS: Final = 14
"""How many days of passes are looked at; a ground track nearly repeats within."""

_DAY_S: Final = 86400.0


def merged(spans: Floats) -> Floats:
    """Spans (begin, end) joined where they overlap, in order; shape (n, 2) in and out."""
    if spans.size == 0:
        return spans.reshape(0, 2)
    order = spans[np.argsort(spans[:, 0], kind="stable")]
    reach = np.maximum.accumulate(order[:, 1])
    fresh = np.concatenate(([True], order[1:, 0] > reach[:-1]))
    return np.stack((order[fresh, 0], np.maximum.reduceat(order[:, 1], np.flatnonzero(fresh))), 1)


def contacts(
    craft: Spacecraft, orbit: FlownOrbit, epoch: Epoch, days: int = SEARCHED_DAYS
) -> tuple[dict[str, Floats], Floats]:
    """When the satellite can send: passes above each station's mask where the link closes.

    Parameters
    ----------
    craft : Spacecraft, with radio and stations
    orbit : FlownOrbit
    epoch : Epoch
    days : int

    Returns
    -------
    (dict of name to array (n, 2), array (m, 2))
        Seconds from the epoch: rise and set by station, less the time to
        acquire; and all of it with overlaps counted once, since there is one
        transmitter.
    """
    radio = craft.radio
    if radio is None:
        raise InputError("contacts take a radio and stations", key="radio")
    found: dict[str, Floats] = {}
    for ground in craft.stations:
        angle = closing_elevation_rad(radio, ground, orbit.apogee_radius_m)
        if angle is None or angle >= math.radians(89.0):
            found[ground.name] = np.zeros((0, 2))
            continue
        place = station(ground.place or ground.name)
        seen = find_passes(
            {"satellite": orbit.motion},
            [place],
            epoch,
            days * _DAY_S,
            min_elevation_rad=angle,
            sunlight=False,
        )
        spans = np.stack((seen.t_s[0] + radio.acquisition_s, seen.t_s[2]), axis=1)
        found[ground.name] = spans[spans[:, 1] > spans[:, 0]]
    return found, merged(np.concatenate(list(found.values())))


def peak_stored_bit(spans: Floats, made_bit_s: float, sent_bit_s: float, until_s: float) -> float:
    """The most that waits aboard, starting empty and making data all the time.

    Parameters
    ----------
    spans : array, shape (n, 2), merged contacts, seconds from the start
    made_bit_s, sent_bit_s : float
    until_s : float, end of the time looked at

    Returns
    -------
    float
        Where more is made than sent it still grows after that time.
    """
    level, peak, now = 0.0, 0.0, 0.0
    for begin, end in spans:
        level += made_bit_s * (begin - now)
        peak = max(peak, level)
        level = max(0.0, level + (made_bit_s - sent_bit_s) * (end - begin))
        peak, now = max(peak, level), end
    return float(max(peak, level + made_bit_s * (until_s - now)))


def data_budget(craft: Spacecraft, orbit: FlownOrbit, epoch: Epoch) -> Budget:
    """Data made against data brought down over the chosen stations.

    Parameters
    ----------
    craft : Spacecraft, with instrument, radio and stations
    orbit : FlownOrbit
    epoch : Epoch, of the first of `SEARCHED_DAYS` days of passes

    Raises
    ------
    InputError
        Without an instrument, a radio or a station.

    Accuracy
    --------
    Passes are those of a mean orbit: their times drift by minutes within the
    days searched, their sum by less than 1 %. The instrument's share of working
    time is spread evenly; in bursts more storage is needed.
    """
    instrument, radio = craft.instrument, craft.radio
    if instrument is None or radio is None or not craft.stations:
        raise InputError(
            "a data budget takes an instrument, a radio and stations", key="instrument"
        )
    by_station, spans = contacts(craft, orbit, epoch)
    made = instrument.data_rate_bit_s * instrument.duty / instrument.compression
    sent = radio.data_rate_bit_s * (1.0 - radio.overhead)
    daily = _by_day(spans)
    down = sent * float(np.mean(daily))
    peak = peak_stored_bit(spans, made, sent, SEARCHED_DAYS * _DAY_S)
    brought = down / (made * _DAY_S) - 1.0
    stored = 1.0 - peak / instrument.storage_bit
    limit = "data brought down" if brought <= stored else "storage aboard"
    lines = (
        *_inputs(instrument, radio),
        result("made a day", made * _DAY_S / 8e9, "GB", "rate x duty / compression x 86400 s"),
        result("contact a day", float(np.mean(daily)) / 60.0, "min", "passes, overlaps once, mean"),
        result("contact, poorest day", np.min(daily) / 60.0, "min", "least of the days searched"),
        result("brought down a day", down / 8e9, "GB", "rate x (1 - overhead) x contact"),
        result("duty brought down", _duty(instrument, made, down), "", "duty x down/made"),
        result("longest wait", _longest_gap_s(spans) / 3600.0, "h", "between contacts"),
        result("most stored", peak / 8e9, "GB", "in the days searched, from empty"),
        result("area seen a day", _area_m2(instrument, orbit) / 1e6, "km2", "swath x track x duty"),
    )
    table = Table(
        "contact by station",
        ("station", "passes a day", "minutes a day"),
        tuple(
            (
                name,
                len(one) / SEARCHED_DAYS,
                float(np.sum(one[:, 1] - one[:, 0])) / 60.0 / SEARCHED_DAYS,
            )
            for name, one in by_station.items()
        ),
    )
    notes = (
        f"{SEARCHED_DAYS} days of passes from {epoch.utc(0)}",
        "one transmitter: passes of two stations at once count once",
    )
    return Budget("data", lines, limit, min(brought, stored), "", (table,), notes)


def _inputs(instrument: Instrument, radio: Radio) -> tuple[Line, ...]:
    rate = instrument.data_rate_bit_s / 1e6
    down = radio.data_rate_bit_s / 1e6
    return (
        given("instrument rate", rate, "Mbit/s", "instrument.data_rate_mbit_s"),
        given("instrument duty", instrument.duty, "", "instrument.duty"),
        given("compression", instrument.compression, "", "instrument.compression"),
        given("storage", instrument.storage_bit / 8e9, "GB", "instrument.storage_gbyte"),
        given("downlink rate", down, "Mbit/s", "radio.data_rate_mbit_s"),
        given("overhead", radio.overhead, "", "radio.overhead"),
    )


def _duty(instrument: Instrument, made_bit_s: float, down_bit: float) -> float:
    """The share of time the instrument could work if nothing but the downlink limits."""
    return min(1.0, instrument.duty * down_bit / (made_bit_s * _DAY_S))


def _by_day(spans: Floats) -> Floats:
    """Seconds of contact in each day searched."""
    edges = np.arange(SEARCHED_DAYS + 1) * _DAY_S
    inside = np.clip(spans[:, 1:], edges[:-1], edges[1:])
    inside -= np.clip(spans[:, :1], edges[:-1], edges[1:])
    return np.asarray(np.sum(inside, axis=0))


def _longest_gap_s(spans: Floats) -> float:
    """Longest time without contact; all of it where there is none."""
    whole = SEARCHED_DAYS * _DAY_S
    edges = np.concatenate(([0.0], spans.ravel(), [whole]))
    return float(np.max(edges[1::2] - edges[0::2]))


def _area_m2(instrument: Instrument, orbit: FlownOrbit) -> float:
    """Strip swept on the ground in a day, overlaps counted twice.

    The Earth's turning under the track, left out, changes it by a few per cent.
    """
    ground = Environment().equatorial_radius_m
    speed = orbit.mean_speed_m_s * ground / orbit.semi_major_axis_m
    return instrument.swath_m * speed * instrument.duty * _DAY_S
