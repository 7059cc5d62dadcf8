import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cosmodrome.errors import InputError
from cosmodrome.mission.nouns import LocalTime, Target
from cosmodrome.mission.orbit_text import FORMS, describe, from_fields, parse_orbit, to_fields
from cosmodrome.orbit.sun import sun_synchronous_inclination

R = 6378137.0
MU, J2 = 3.986004418e14, 1.08262982131e-3


def alike(one: Target, other: Target) -> bool:
    return replace(one, text="") == replace(other, text="")


def test_circular() -> None:
    assert parse_orbit("200 km 51.7 deg") == Target(
        text="200 km 51.7 deg",
        kind="circular",
        perigee_radius_m=R + 200e3,
        apogee_radius_m=R + 200e3,
        inclination_rad=math.radians(51.7),
    )


def test_perigee_and_apogee() -> None:
    got = parse_orbit("185x35786 km 27 deg argp 180 raan 120")
    assert got.kind == "elliptic"
    assert (got.perigee_radius_m, got.apogee_radius_m) == (R + 185e3, R + 35786e3)
    assert got.argp_rad == (math.pi,)
    assert got.raan_rad == math.radians(120.0)
    assert not got.is_gto
    free = parse_orbit("185x35786 km 27 deg")
    assert (free.argp_rad, free.raan_rad) == ((), None)


def test_sun_synchronous_is_mean() -> None:
    got = parse_orbit("sso 500 km")
    want = sun_synchronous_inclination(R + 500e3, 0.0, MU, R, J2)
    assert got.inclination_rad == pytest.approx(want, abs=1e-15)
    assert got.elements == "mean"
    assert got.local_time is None
    assert math.degrees(want) == pytest.approx(97.40, abs=0.01)


def test_local_times() -> None:
    assert parse_orbit("sso 500 km ltan 10:30").local_time == LocalTime(10.5, "ascending", "mean")
    down = parse_orbit("sso 500 km LTDN 22:15:36 apparent").local_time
    assert down == LocalTime(22.26, "descending", "apparent")


def test_polar() -> None:
    got = parse_orbit("polar 600 km")
    assert got.inclination_rad == math.radians(90.0)
    assert got.elements == "osculating"


def test_gto() -> None:
    got = parse_orbit("gto")
    assert got.is_gto
    assert got.kind == "elliptic"
    assert (got.perigee_radius_m, got.apogee_radius_m) == (R + 185e3, R + 35786e3)
    assert got.argp_rad == (0.0, math.pi)
    assert got.inclination_rad is None


def test_escape() -> None:
    got = parse_orbit("escape c3 10 dla 20")
    assert (got.kind, got.apogee_radius_m) == ("escape", None)
    assert (got.c3_m2_s2, got.dla_rad) == (1e7, math.radians(20.0))
    assert parse_orbit("escape c3 10").dla_rad is None


def test_mean_and_osculating_at_the_end() -> None:
    assert parse_orbit("500 km 97.4 deg mean").elements == "mean"
    assert parse_orbit("500 km 97.4 deg osculating").elements == "osculating"
    assert parse_orbit("gto mean").elements == "mean"
    assert parse_orbit("sso 500 km osculating").elements == "osculating"


def test_another_earth() -> None:
    got = parse_orbit("500 km 97.4 deg", equatorial_radius_m=6378145.0)
    assert got.perigee_radius_m == 6878145.0
    without = parse_orbit("sso 500 km", j2=2e-3).inclination_rad
    assert without != parse_orbit("sso 500 km").inclination_rad


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("200KM51.7DEG", "200 km 51.7 deg"),
        ("  200   51.70 ", "200 km 51.7 deg"),
        ("200 km, 51.7°", "200 km 51.7 deg"),
        ("51.7 deg 200 km", "200 km 51.7 deg"),
        ("200 km 51 deg 42 min", "200 km 51.7 deg"),
        ("circular 200 km inclination 51.7", "200 km 51.7 deg"),
        ("200x200 km 51.7 deg", "200 km 51.7 deg"),
        ("185 km × 35786 km 27 degrees", "185x35786 km 27 deg"),
        ("185 X 35786 27", "185x35786 km 27 deg"),
        ("180 x 1500000 km 6 deg", "180x1500000 km 6 deg"),
        ("300 km 28.5 deg raan -30", "300 km 28.5 deg raan 330"),
        ("Sun-synchronous 500 km LTAN 10h 30 min", "sso 500 km ltan 10:30"),
        ("SSO500kmLTAN10:30", "sso 500 km ltan 10:30"),
        ("sso 500 km mean", "sso 500 km"),
        ("600 km 90 deg", "polar 600 km"),
        ("GTO 28.5 deg argp 180", "gto 28.5 deg argp 180"),
        ("gto argp 0 or 180", "gto"),
        ("gto 250x36000 km", "gto 250x36000 km"),
        ("escape c3 -0 dla -20", "escape c3 0 dla -20"),
        ("escape C3 10 km²/s² dla 20°", "escape c3 10 dla 20"),
        ("escape 300 km c3 10", "escape c3 10 300 km"),
        ("200 km least", "200 km least inclination"),
    ],
)
def test_spellings_and_the_normal_form(text: str, normal: str) -> None:
    target = parse_orbit(text)
    assert describe(target) == normal
    assert alike(parse_orbit(normal), target)


@pytest.mark.parametrize("text", FORMS)
def test_every_form_on_offer_is_read_and_is_its_own_normal_form(text: str) -> None:
    assert describe(parse_orbit(text)) == text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no altitude"),
        ("200 km", "no inclination"),
        ("moon", "'moon'"),
        ("nan km 50 deg", "not a usable number"),
        ("200 km nan deg", "not a usable number"),
        ("1e999 km 5 deg", "not a usable number"),
        ("-200 km 51 deg", "below the ground"),
        ("30 km 51 deg", "inside the air"),
        ("1e12 km 5 deg", "beyond"),
        ("180x2000001 km 6 deg", "escape c3"),
        ("200 km 181 deg", "outside 0 to 180"),
        ("200 km -1 deg", "outside 0 to 180"),
        ("800x200 km 51 deg", "'200x800 km'"),
        ("200 km 5 deg argp 20", "circular orbit has no argument"),
        ("sso 500 km 97 deg", "already says"),
        ("sso 9000 km", "5974 km"),
        ("sso 500 km ltan 25:00", "00:00 to 23:59"),
        ("sso 500 km ltan 10:75", "not a time"),
        ("sso 500 km ltan", "number must follow"),
        ("sso 500 km ltan 10:30 raan 20", "both fix the node"),
        ("sso 500 km apparent", "needs a local time"),
        ("sso 500 km ltan 10:30 ltdn 11:30", "twice"),
        ("escape", "escape c3 10"),
        ("200 km 51 deg c3 5", "escape c3 10"),
        ("escape c3 -5", "outside"),
        ("escape c3 10 dla 95", "outside"),
        ("escape c3 10 mean", "takes no elements"),
        ("escape c3 10 dla 30 inc 20", "less than the declination"),
        ("200 km 51.7 deg 3", "twice"),
        ("200 km 51,7 deg", "','"),
        ("200 km 51.7 deg raan", "number must follow"),
        ("200 km x 51.7 deg", "out of place"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(text: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_orbit(text)
    assert says in caught.value.message
    assert (caught.value.key, caught.value.value) == ("orbit", text)
    for form in FORMS:
        assert form in str(caught.value.allowed)


@pytest.mark.parametrize(
    ("text", "offer"),
    [
        ("ssso 500 km", "did you mean 'sso 500 km'?"),
        ("polr 600 km", "did you mean 'polar 600 km'?"),
        ("escpe c3 10", "did you mean 'escape c3 10'?"),
        ("200 km", "nearest form: '200 km 51.7 deg'"),
        ("sso", "nearest form: 'sso 500 km'"),
    ],
)
def test_the_nearest_readable_form_is_offered(text: str, offer: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_orbit(text)
    assert offer in caught.value.message


WORDS = st.sampled_from(
    [
        "200",
        "51.7",
        "185x35786",
        "km",
        "deg",
        "°",
        "min",
        "x",
        "×",
        "sso",
        "polar",
        "gto",
        "escape",
        "c3",
        "dla",
        "argp",
        "raan",
        "ltan",
        "ltdn",
        "10:30",
        "apparent",
        "mean",
        "osculating",
        "or",
        "free",
        "least",
        "inc",
        "h",
        "-5",
        "nan",
        "1e400",
        "0",
        "90",
        "180",
    ]
)


@settings(max_examples=500, deadline=None)
@given(st.one_of(st.text(), st.lists(WORDS, max_size=9).map(" ".join)))
@example("200 km 51.7 deg" * 400)
@example("\u0660 km")
def test_any_text_is_read_or_refused_and_what_is_read_comes_back(text: str) -> None:
    try:
        target = parse_orbit(text)
    except InputError as error:
        assert error.key == "orbit"  # noqa: PT017 - any other error fails the test by itself
        return
    assert alike(parse_orbit(describe(target)), target)
    assert alike(from_fields(to_fields(target)), target)


@st.composite
def fields(draw: Any) -> dict[str, Any]:
    low = draw(st.floats(80.0, 1e4))
    given: dict[str, Any] = {"perigee_km": low}
    if draw(st.booleans()):
        given["inclination_deg"] = draw(st.floats(0.0, 180.0))
    if draw(st.booleans()):
        given |= {"c3_km2_s2": draw(st.floats(0.0, 900.0))}
        return given | ({} if "inclination_deg" in given else {"dla_deg": draw(st.floats(-90, 90))})
    if draw(st.booleans()):
        given["apogee_km"] = low + draw(st.floats(1.0, 5e5))
        given["argp_deg"] = draw(st.lists(st.floats(0.0, 359.0), min_size=1, max_size=3))
        given["gto"] = draw(st.booleans())
    node = draw(st.sampled_from(["raan_deg", "ltan", "ltdn", ""]))
    if node:
        given[node] = draw(st.floats(0.0, 23.99))
    given["elements"] = draw(st.sampled_from(["mean", "osculating"]))
    return given


@settings(max_examples=300, deadline=None)
@given(fields())
def test_any_target_survives_its_text_and_its_fields(given: dict[str, Any]) -> None:
    target = from_fields(given)
    assert alike(parse_orbit(target.text), target)
    assert parse_orbit(describe(target)) == target
    assert from_fields(to_fields(target)) == target


def test_a_declination_of_minus_zero_is_zero() -> None:
    target = from_fields({"perigee_km": 200.0, "c3_km2_s2": 0.0, "dla_deg": -5e-324})
    assert parse_orbit(describe(target)) == target
    assert "-0" not in target.text


def test_fields_by_hand() -> None:
    assert alike(from_fields({"altitude_km": 200, "inclination_deg": 51.7}), parse_orbit(FORMS[0]))
    assert alike(
        from_fields({"altitude_km": 500, "sso": True, "ltan": "10:30"}),
        parse_orbit("sso 500 km ltan 10:30"),
    )
    assert alike(from_fields({"gto": True}), parse_orbit("gto"))
    assert from_fields({"altitude_km": 500, "inclination_deg": 5}).text == "500 km 5 deg"
    least = from_fields({"altitude_km": 500})
    assert least.inclination_rad is None
    assert to_fields(parse_orbit("sso 500 km ltan 10:30"))["ltan"] == "10:30"


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"perigee_kms": 200.0}, "perigee_kms"),
        ({"altitude_km": "high", "inclination_deg": 5}, "altitude_km"),
        ({"altitude_km": True}, "altitude_km"),
        ({"altitude_km": math.nan}, "altitude_km"),
        ({"altitude_km": 200, "inclination_deg": 200}, "inclination_deg"),
        ({"altitude_km": 200, "perigee_km": 200}, "altitude_km"),
        ({"apogee_km": 200}, "apogee_km"),
        ({"perigee_km": 900, "apogee_km": 200}, "perigee_km"),
        ({"altitude_km": 200, "elements": "Kepler"}, "elements"),
        ({"altitude_km": 200, "ltan": "noon"}, "ltan"),
        ({"altitude_km": 200, "ltan": [1]}, "ltan"),
        ({"altitude_km": 200, "ltan": "10:30 raan 5"}, "ltan"),
        ({"altitude_km": 200, "ltan": math.inf}, "ltan"),
        ({"altitude_km": 200, "ltan": "10:30", "ltdn": "10:30"}, "ltdn"),
        ({"altitude_km": 200, "ltan": "10:30", "sun": "blue"}, "sun"),
        ({"perigee_km": 200, "apogee_km": 300, "argp_deg": ["x"]}, "argp_deg"),
        ({"c3_km2_s2": -1.0}, "c3_km2_s2"),
        ({"gto": True, "sso": True}, "gto"),
        ({"gto": "yes"}, "gto"),
    ],
)
def test_wrong_fields_are_refused_by_key(given: dict[str, Any], key: str) -> None:
    with pytest.raises(InputError) as caught:
        from_fields(given)
    assert caught.value.key == key
    assert caught.value.allowed
