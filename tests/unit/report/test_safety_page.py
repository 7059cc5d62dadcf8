"""The safety parts of a report: what they must say, and maps that know no date line."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.report.safety_charts import drop_maps
from cosmodrome.report.safety_map import View, drawn, line, view_of
from cosmodrome.report.safety_page import safety_page, safety_parts


def part(name: str = "stage 1", latitude: float = 61.0, longitude: float = 123.0) -> dict[str, Any]:
    return {
        "name": name, "count": 2, "latitude_deg": latitude, "longitude_deg": longitude,
        "t_s": 700.0, "surface": "land", "country": "<Land>",
        "people_99": {"statement": "no listed place", "estimate_lo": 0.0, "estimate_hi": 40.0},
        "ellipses": [
            {"probability": p, "semi_major_km": 10.0 * k, "semi_minor_km": 5.0 * k,
             "azimuth_deg": 30.0} for k, p in enumerate((0.5, 0.9, 0.99), 1)
        ],
    }  # fmt: skip


ZONES = {
    "vehicle": "v<b>", "site": "s", "epoch_utc": "2027-03-20T12:00:00Z", "notes": ["as told"],
    "parts": [part(), part("fairing <half>", -17.0, 179.99)],
}  # fmt: skip

SPREAD = {"low": 1e-5, "high": 3e-4}
AREA = {
    "latitude_deg": 60.0, "longitude_deg": -120.0, "country": "", "range_km": 900.0, "t_s": 180.0,
    "people": {"low": 0.0, "high": 50.0}, "area_km2": 3000.0, "impact_probability": 1e-4,
    "casualty_area_m2": 77181.0, "expected_casualties": SPREAD,
}  # fmt: skip
SHARE = {"expected_casualties": SPREAD, "share": 1.0, "people": {"low": 0.0, "high": 50.0}}
CASUALTY = {
    "vehicle": "v<b>", "site": "s", "epoch_utc": "2027-03-20T12:00:00Z",
    "rule": {"name": "14 CFR 420.25(b)", "limit": 1e-4, "told": "a rule of the United States"},
    "estimates": [
        {"name": "appendix C", "label": "as written", "expected_casualties": SPREAD,
         "times_limit": {"low": 0.1, "high": 312.0}, "within_limit": None,
         "by_country": [{"country": "<Land>"} | SHARE],
         "by_range": [{"from_km": 0.0, "to_km": 185.2} | SHARE], "most": [AREA]}
    ],
    "factors": [{"name": "P_f", "value": 0.1, "unit": "", "source": "14 CFR <420>"}],
    "phases": [{"name": "one", "start_s": 0.0, "stop_s": 1.0, "failure_probability": 0.1}],
    "trace": [], "notes": ["left out"],
}  # fmt: skip


def test_every_section_says_what_it_is() -> None:
    page = safety_page(dropzones=ZONES, casualty=CASUALTY)
    body = page.partition("<script")[0]
    assert body.count("lanning aid, not a licence analysis") >= 3
    assert "a rule of the United States" in body
    assert "Not decided by what is known" in body
    assert "0.1 to 310 times" in body


def test_texts_from_outside_are_escaped() -> None:
    body = safety_page(dropzones=ZONES, casualty=CASUALTY).partition("<script")[0]
    for text in ("<Land>", "v<b>", "<half>", "<420>"):
        assert text not in body
    assert "&lt;Land&gt;" in body


def test_what_is_not_given_is_left_out() -> None:
    assert safety_parts() == safety_parts(dropzones=ZONES | {"parts": []})
    alone = safety_parts(dropzones=ZONES)
    assert len(alone.sections) == 1
    assert [chart.name for chart in alone.charts] == ["drops-1", "drops-2"]
    assert safety_parts(casualty=CASUALTY).charts == ()


def test_an_empty_corridor_says_no_listed_place_and_never_nobody() -> None:
    none = CASUALTY["estimates"][0] | {"by_country": [], "most": []}  # type: ignore[index]
    page = safety_page(casualty=CASUALTY | {"estimates": [none]}).partition("<script")[0]
    assert "No listed place and no estimated people" in page
    assert "nobody" not in page.lower()


def test_parts_near_one_another_share_a_map() -> None:
    near = drop_maps([part(), part("fairing", 61.1, 123.2), part("far", 70.0, 100.0)])
    assert [chart.title for chart in near] == ["stage 1, fairing", "far"]


def test_a_map_over_the_date_line_is_as_wide_as_what_it_shows() -> None:
    (chart,) = drop_maps([part("over", -17.0, 179.99)])
    drawn_lines = [trace for trace in chart.figure.data if trace.type == "scatter"]
    rings = [trace for trace in drawn_lines if trace.mode == "lines" and trace.line.dash]
    assert len(rings) == 3
    xs = np.concatenate([np.asarray(trace.x, dtype=float) for trace in rings])
    assert np.nanmax(np.abs(xs)) < 100.0


@given(
    latitude=st.floats(-89.0, 89.0), longitude=st.floats(-180.0, 180.0),
    right=st.floats(-3000.0, 3000.0), up=st.floats(-3000.0, 3000.0),
)  # fmt: skip
def test_places_of_a_map_come_back(
    latitude: float, longitude: float, right: float, up: float
) -> None:
    view = View(math.radians(latitude), math.radians(longitude), 1.0, 1.0)
    x, y = view.place(*view.back(np.array([right]), np.array([up])))
    assert float(x[0]) == pytest.approx(right, abs=1e-3)
    assert float(y[0]) == pytest.approx(up, abs=1e-3)


def test_what_is_behind_the_earth_is_not_drawn() -> None:
    view = View(0.0, 0.0, 100.0, 100.0)
    assert np.isnan(line(view, [0.0], [math.pi], "first")["x"]).all()


@pytest.mark.parametrize("latitude", [0.0, 89.9, -70.0])
def test_maps_are_drawn_anywhere(latitude: float) -> None:
    places = np.radians(np.array([[latitude, 179.0], [latitude - 0.5, -178.0]]))
    view = view_of(places[:, 0], places[:, 1])
    chart = drawn("map", "A map", view, [line(view, places[:, 0], places[:, 1], "first")], "Note.")
    assert "Natural Earth" in chart.note
    x = np.asarray(chart.figure.data[-2].x, dtype=float)
    assert np.all(np.abs(x - view.right_km) <= 0.5 * view.width_km)
