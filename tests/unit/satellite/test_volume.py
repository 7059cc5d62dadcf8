"""Data: contacts joined, storage by hand, and a budget that closes or does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cosmodrome.satellite.flown_orbit import FlownOrbit
from cosmodrome.satellite.spacecraft import Spacecraft
from cosmodrome.satellite.volume import contacts, data_budget, merged, peak_stored_bit
from cosmodrome.world.epoch import Epoch


def test_spans_that_overlap_are_joined() -> None:
    spans = np.array([[30.0, 40.0], [0.0, 10.0], [5.0, 8.0], [9.0, 12.0], [12.0, 13.0]])
    assert merged(spans).tolist() == [[0.0, 13.0], [30.0, 40.0]]
    assert merged(np.zeros((0, 2))).shape == (0, 2)


def test_storage_by_hand() -> None:
    spans = np.array([[10.0, 12.0], [20.0, 40.0]])
    # 10 made, 2 s at -4: 2 left; 8 more: 10; emptied; 60 made to the end.
    assert peak_stored_bit(spans, 1.0, 5.0, 100.0) == pytest.approx(60.0)
    assert peak_stored_bit(spans, 1.0, 5.0, 40.0) == pytest.approx(10.0)
    assert peak_stored_bit(spans[:0], 2.0, 5.0, 40.0) == pytest.approx(80.0)
    # What is sent slower than it is made goes on growing in a contact.
    assert peak_stored_bit(np.array([[0.0, 10.0]]), 5.0, 1.0, 10.0) == pytest.approx(40.0)


def test_volume_is_contact_times_rate(craft: Spacecraft, orbit: FlownOrbit, epoch: Epoch) -> None:
    found = data_budget(craft, orbit, epoch)
    by_station, spans = contacts(craft, orbit, epoch)
    whole = float(np.sum(spans[:, 1] - spans[:, 0]))
    single = sum(float(np.sum(one[:, 1] - one[:, 0])) for one in by_station.values())
    assert whole <= single
    assert found.value("contact a day") == pytest.approx(whole / 14.0 / 60.0)
    assert found.value("brought down a day") == pytest.approx(
        whole / 14.0 * 120e6 * 0.9 / 8e9, rel=1e-9
    )
    assert found.value("made a day") == pytest.approx(600e6 * 0.04 / 4.0 * 86400.0 / 8e9)
    assert found.value("contact, poorest day") <= found.value("contact a day")
    # A station near the pole sees ten and more of fifteen orbits a day, one at 38 deg three.
    passes = {row[0]: row[1] for row in found.tables[0].rows}
    assert float(passes["far-north"]) > 9.0
    assert 2.0 < float(passes["mid-latitude"]) < 5.0


def test_the_duty_that_is_brought_down_just_closes(
    craft: Spacecraft, orbit: FlownOrbit, epoch: Epoch
) -> None:
    assert craft.instrument is not None
    duty = data_budget(craft, orbit, epoch).value("duty brought down")
    full = replace(craft, instrument=replace(craft.instrument, duty=duty))
    found = data_budget(full, orbit, epoch)
    assert found.value("brought down a day") == pytest.approx(found.value("made a day"))
    assert found.limit == "data brought down"
    assert found.margin == pytest.approx(0.0, abs=1e-9)


def test_a_link_that_never_closes_brings_nothing(
    craft: Spacecraft, orbit: FlownOrbit, epoch: Epoch
) -> None:
    assert craft.radio is not None
    mute = replace(craft, radio=replace(craft.radio, power_w=1e-9))
    found = data_budget(mute, orbit, epoch)
    assert found.value("brought down a day") == 0.0
    assert not found.met
    assert found.value("longest wait") == pytest.approx(14.0 * 24.0)
    assert found.value("most stored") == pytest.approx(14.0 * found.value("made a day"))


def test_a_small_memory_limits(craft: Spacecraft, orbit: FlownOrbit, epoch: Epoch) -> None:
    assert craft.instrument is not None
    small = replace(craft, instrument=replace(craft.instrument, storage_bit=1e9))
    assert data_budget(small, orbit, epoch).limit == "storage aboard"
