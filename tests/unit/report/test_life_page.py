"""The page of a satellite's life: its parts are there, and its numbers are the results'."""

from __future__ import annotations

import base64
import gzip
import json
import math
import re
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from cosmodrome.campaign.satellite_answer import SatelliteAnswer
from cosmodrome.campaign.who_launches import Launcher
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.orbit.lifetime import YEAR_S, Draws
from cosmodrome.report.life_charts import day_track, fan_chart, year_charts
from cosmodrome.report.life_course import DAY_S, WEEK_S, LifeCourse, View, life_course
from cosmodrome.report.life_page import life_page, written_life
from cosmodrome.report.life_sky import sky_charts, week_chart
from cosmodrome.report.markup import PACKED
from cosmodrome.satellite.budgets import spacecraft_budgets
from cosmodrome.satellite.disposal import disposal
from cosmodrome.satellite.flown_orbit import FlownOrbit, flown_orbit
from cosmodrome.satellite.revisit import revisits
from cosmodrome.satellite.spacecraft import Spacecraft
from cosmodrome.satellite.spacecraft_file import load_spacecraft
from cosmodrome.satellite.volume import contacts
from cosmodrome.world.epoch import Epoch

CRAFT = Path(__file__).resolve().parents[3] / "examples" / "satellites" / "earth-observer.toml"
HOSTILE = "<img src=http://evil.example/x onerror=alert(1)></script><b>&"
SINGLE = 1e-6
"""Relative; charts hold their numbers in single precision."""


@dataclass(frozen=True)
class Told:
    """One satellite with all that its page takes."""

    craft: Spacecraft
    orbit: FlownOrbit
    answer: SatelliteAnswer
    course: LifeCourse


def told(craft: Spacecraft, text: str) -> Told:
    """The satellite in an orbit; few lives and made-up launchers, to be quick."""
    target, epoch = parse_orbit(text), Epoch.parse("2027-03-20T12:00:00Z")
    orbit = flown_orbit(target, epoch)
    left = disposal(craft, orbit, Draws(samples=30))
    launchers = (
        Launcher("first-one", "north-pad", "carries", 216.0, 90.0, 188.0, 126.0, 400.0),
        Launcher("second-one", "south-pad", "does not fit", None, None, None, 126.0, 900.0),
    )
    answer = SatelliteAnswer(
        craft.body.name,
        target,
        epoch,
        spacecraft_budgets(craft, target, epoch, ()),
        revisits(craft, orbit, epoch) if craft.instrument else (),
        left,
        launchers,
        {"cosmodrome": "0", "inputs_sha256": "0", "command": "cosmodrome satellite x.toml"},
    )
    return Told(craft, orbit, answer, life_course(craft, orbit, left))


@pytest.fixture(scope="module")
def sample() -> Told:
    """The example of the README."""
    return told(load_spacecraft(str(CRAFT)), "sso 500 km ltan 10:30")


@pytest.fixture(scope="module")
def page(sample: Told) -> str:
    """Its page."""
    return life_page(sample.answer, sample.course)


class Reader(HTMLParser):
    """Checks that tags nest, and keeps what would be fetched."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [str(v) for k, v in attrs if k in ("src", "href", "srcset", "data")]
        if tag not in ("meta", "link", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def figures(text: str) -> Any:
    """The charts of a page as the browser reads them."""
    found = re.search(rf'<script type="{re.escape(PACKED)}" id="charts">(.*?)</script>', text)
    assert found is not None
    return json.loads(gzip.decompress(base64.b64decode(found[1])))


def column(values: Any) -> NDArray[np.float64]:
    """A column of a chart, packed or plain."""
    if isinstance(values, dict):
        packed = np.frombuffer(base64.b64decode(values["bdata"]), dtype=values["dtype"])
        return np.asarray(packed, dtype=float)
    return np.asarray(values, dtype=float)


def before_library(text: str) -> str:
    """The page up to the drawing library, which is not ours to check."""
    return text[: text.index('id="charts"')]


def test_every_part_is_there_and_each_chart_has_its_place(page: str) -> None:
    names = {"track", "beta", "eclipse", "power", "depth", "week", "sky-0", "sky-1", "fan"}
    assert set(figures(page)) == names
    for name in names:
        assert page.count(f'id="chart-{name}"') == 1
    for part in ("Where it flies", "Sun and shadow", "Passes over its stations", "Budgets",
                 "How often", "The end of its life", "Who can launch it"):  # fmt: skip
        assert f"<h2>{part}" in page


def test_the_page_is_well_formed_and_fetches_nothing(page: str) -> None:
    read = Reader(page)
    assert read.open == []
    assert read.fetched == ["data:,"]
    assert "default-src 'none'" in page
    assert "http" not in before_library(page).replace("http-equiv", "")
    assert "http" not in json.dumps(figures(page))


def test_the_year_is_that_of_the_profile_and_of_the_power_budget(sample: Told, page: str) -> None:
    drawn, profile = figures(page), sample.course.profile
    beta = column(drawn["beta"]["data"][0]["y"])
    np.testing.assert_allclose(beta, np.degrees(profile.beta_rad), rtol=SINGLE)
    whole, dark = (column(one["y"]) for one in drawn["eclipse"]["data"])
    np.testing.assert_allclose(whole, profile.penumbra_s / 60.0, rtol=SINGLE)
    np.testing.assert_allclose(dark, profile.umbra_s / 60.0, rtol=SINGLE)
    power = sample.answer.budgets.power
    assert power is not None
    depth = column(drawn["depth"]["data"][0]["y"])
    assert depth.max() == pytest.approx(100.0 * power.value("depth of discharge"), rel=SINGLE)
    assert whole.max() == pytest.approx(power.value("longest eclipse"), rel=SINGLE)
    assert f"<dd>{whole.max():.1f} min</dd>" in page
    assert f"<dd>{beta.min():.1f} to {beta.max():.1f} deg</dd>" in page


def test_the_track_stays_on_the_map_and_reaches_the_inclination(sample: Told) -> None:
    day, first = day_track(sample.course).figure.data[2:4]
    for line in (day, first):
        assert np.nanmax(np.abs(np.asarray(line.x, dtype=float))) <= 180.0
        jumps = np.abs(np.diff(np.asarray(line.x, dtype=float)))
        # Within half a minute near the pole; a line across the map is 360.
        assert np.nanmax(jumps) < 60.0
    highest = 180.0 - math.degrees(sample.orbit.inclination_rad)
    # Geodetic latitude exceeds geocentric by up to 0.2 deg.
    assert np.nanmax(np.asarray(day.y, dtype=float)) == pytest.approx(highest, abs=0.2)
    hours = np.asarray(first.customdata, dtype=float)
    assert 3600.0 * np.nanmax(hours) == pytest.approx(sample.orbit.period_s, abs=30.0)


def test_the_weeks_bars_are_the_contacts_of_the_data_budget(sample: Told) -> None:
    spans, _ = contacts(sample.craft, sample.orbit, sample.course.start, days=7)
    chart = week_chart(sample.course)
    assert chart is not None
    radio = sample.craft.radio
    assert radio is not None
    for view, bars in zip(sample.course.views, chart.figure.data, strict=True):
        assert view.passes is not None
        held = np.minimum(view.passes.t_s[2], WEEK_S) - view.passes.t_s[0]
        long = held[held > radio.acquisition_s]
        sent = spans[view.name]
        assert len(long) == len(sent)
        assert 3600.0 * sum(bars.x) == pytest.approx(float(held.sum()), rel=1e-9)
        lost = len(sent) * radio.acquisition_s
        assert float(long.sum()) - lost == pytest.approx(
            float(np.ptp(sent, axis=1).sum()), rel=1e-9
        )


def test_bars_stand_at_their_hour_and_one_through_midnight_is_cut(sample: Told) -> None:
    passes = sample.course.views[0].passes
    assert passes is not None
    noon, middle = 0.5 * DAY_S, 0.5 * float(passes.t_s[0, 5] + passes.t_s[2, 5])
    # The week begun so much later that midnight falls into the middle of a pass.
    later = -(noon + middle) % DAY_S
    chart = week_chart(replace(sample.course, start=sample.course.start + later))
    assert chart is not None
    bars = chart.figure.data[0]
    begins, hours = (np.asarray(values, dtype=float) for values in (bars.base, bars.x))
    rise = (passes.t_s[0] + noon + later) % DAY_S / 3600.0
    assert np.abs(begins[:, None] - rise).min(axis=0).max() < 1e-6
    through = rise + (passes.t_s[2] - passes.t_s[0]) / 3600.0 > 24.0
    assert through[5]
    after = np.flatnonzero(begins == 0.0)
    assert len(after) == np.count_nonzero(through)
    assert len(begins) == len(rise) + len(after)
    half = 0.5 * float(passes.t_s[2, 5] - passes.t_s[0, 5]) / 3600.0
    assert np.abs(hours[after] - half).min() < 1e-6
    assert begins[after - 1] + hours[after - 1] == pytest.approx(24.0)
    rows = np.floor(np.asarray(bars.y, dtype=float))
    assert np.all(rows[after] == rows[after - 1] - 1.0)


def alike(one: Any, other: Any) -> bool:
    """Whether two passes rise and set within 5 deg of each other."""
    pairs = ((one.rise, other.rise), (one.set, other.set))
    turns = [abs(math.remainder(a.azimuth_rad - b.azimuth_rad, 2.0 * math.pi)) for a, b in pairs]
    return max(turns) < math.radians(5.0)


def check_best(view: View) -> None:
    assert view.passes is not None
    kept = [arc.seen for arc in view.best]
    heights = [one.max_elevation_rad for one in kept]
    assert heights == sorted(heights, reverse=True)
    assert not any(alike(a, b) for k, a in enumerate(kept) for b in kept[:k])
    for one in view.passes:
        if one.max_elevation_rad > heights[-1] and not (one.begins_cut or one.ends_cut):
            assert any(one.rise.epoch == k.rise.epoch or alike(one, k) for k in kept)


def test_the_sky_shows_the_highest_passes_once_each(sample: Told) -> None:
    for view, chart in zip(sample.course.views, sky_charts(sample.course.views), strict=True):
        check_best(view)
        lines = [one for one in chart.figure.data if one.mode == "lines"]
        assert len(lines) == len(view.best) == 3
        for line, arc in zip(lines, view.best, strict=True):
            nearest = 90.0 - float(np.min(np.asarray(line.r, dtype=float)))
            # 61 points a pass: within 4 s of culmination.
            assert nearest == pytest.approx(math.degrees(arc.seen.max_elevation_rad), abs=1.5)
            assert nearest <= math.degrees(arc.seen.max_elevation_rad) + 1e-3
            rise = math.degrees(arc.seen.rise.azimuth_rad)
            assert float(line.theta[0]) == pytest.approx(rise, abs=1e-3)
            assert arc.seen.culmination.epoch.utc(0) in line.name


def test_the_fan_begins_where_the_disposal_does_and_ends_with_its_falls(sample: Told) -> None:
    left = sample.answer.disposal
    for fall in sample.course.fan.values():
        # Mean altitudes leave out the swing by J3, 7 km.
        assert fall.perigee_m[0, 0] == pytest.approx(left.perigee_m, abs=8e3)
        assert fall.apogee_m[0, 0] == pytest.approx(left.apogee_m, abs=8e3)
    chart = fan_chart(sample.course, left.life)
    ends = [float(np.asarray(line.x)[-1]) for line in chart.figure.data[::2]]
    falls = [float(sample.course.fan[level].end_s[0]) / YEAR_S for level in ("low", "mean", "high")]
    assert ends == pytest.approx(falls, abs=0.02)
    assert falls == sorted(falls, reverse=True)
    shaded = chart.figure.layout.shapes[0]
    assert (shaded.x0, shaded.x1) == (left.life.quantile(0.05), left.life.quantile(0.95))
    assert chart.figure.layout.shapes[1].x0 == left.life.quantile(0.5)


def test_a_life_beyond_the_horizon_has_no_percentile_drawn(sample: Told) -> None:
    life = sample.answer.disposal.life
    endless = replace(life, years=np.full_like(life.years, math.inf))
    layout = fan_chart(sample.course, endless).figure.layout
    assert not layout.shapes
    assert layout.xaxis.range[1] == life.horizon_years
    left = replace(sample.answer.disposal, life=endless)
    text = life_page(replace(sample.answer, disposal=left), sample.course)
    assert f"over {life.horizon_years:g} years" in text
    assert "inf" not in re.findall(r"[\w.]+", before_library(text))


def test_tables_have_every_budget_line_and_launcher(sample: Told, page: str) -> None:
    shown = before_library(page)
    for one in sample.answer.budgets.every:
        assert one.limit in shown
        for line in one.lines:
            assert line.name in shown
    mass = sample.answer.budgets.mass
    assert mass is not None
    assert f"{mass.value('launch mass with all margins'):.1f}" in shown
    assert '<td class="n">216.0</td>' in shown
    assert "second-one (south-pad)" in shown
    assert "5 of 5 budgets close" in shown


def test_a_budget_that_does_not_close_heads_the_page(sample: Told) -> None:
    data = sample.answer.budgets.data
    assert data is not None
    short = replace(sample.answer.budgets, data=replace(data, margin=-0.25))
    text = before_library(life_page(replace(sample.answer, budgets=short), sample.course))
    assert "<h1>Does not close: data</h1>" in text
    assert "-25.0 %" in text


def test_a_bare_spacecraft_has_a_page_without_what_it_lacks(sample: Told) -> None:
    bare = told(Spacecraft(sample.craft.body), "600 km 53 deg")
    text = life_page(bare.answer, bare.course)
    assert Reader(text).open == []
    assert set(figures(text)) == {"track", "beta", "eclipse", "fan"}
    assert "Passes" not in before_library(text)


def test_foreign_texts_cannot_act(sample: Told) -> None:
    views = tuple(replace(view, name=HOSTILE) for view in sample.course.views)
    answer = replace(sample.answer, name=HOSTILE)
    text = life_page(answer, replace(sample.course, views=views))
    assert Reader(text).fetched == ["data:,"]
    assert "<img" not in before_library(text)
    assert "&lt;img" in json.dumps(figures(text)["track"])
    assert "<img" not in json.dumps(figures(text))


def test_the_folder_holds_the_page_and_the_document(sample: Told, tmp_path: Path) -> None:
    written = written_life(sample.answer, sample.craft, tmp_path / "life")
    assert [one.name for one in written] == ["life.html", "result.json"]
    read = json.loads((tmp_path / "life" / "result.json").read_text("utf-8"))
    assert {"budgets", "launchers", "lifetime"} <= set(read)
    assert read["launchers"][0]["payload_kg"] == sample.answer.launchers[0].payload_kg
    assert "earth-observer" in (tmp_path / "life" / "life.html").read_text("utf-8")


def test_year_charts_without_a_power_budget_are_two(sample: Told) -> None:
    assert [one.name for one in year_charts(sample.course, None)] == ["beta", "eclipse"]
