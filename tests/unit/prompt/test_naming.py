"""Refusals of the rooms under the names that were typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from cosmodrome.errors import InputError
from cosmodrome.prompt.naming import keys_named
from cosmodrome.prompt.option_names import OPTIONS, VEHICLE_OPTIONS


def refused(names: Mapping[str, str] | str, error: InputError, **more: Any) -> InputError:
    with pytest.raises(InputError) as caught, keys_named(names, **more):
        raise error
    assert caught.value is error
    return error


def test_a_key_gets_its_name_and_another_stays() -> None:
    names = {"epoch": "--start"}
    assert refused(names, InputError("late", key="epoch")).key == "--start"
    assert refused(names, InputError("far", key="site")).key == "site"
    assert refused(names, InputError("bad")).key is None
    assert refused("--start", InputError("bad")).key == "--start"


def test_a_key_inside_a_file_stays_unless_asked() -> None:
    error = InputError("bad", file="a.toml", key="epoch")
    assert refused({"epoch": "--start"}, error).key == "epoch"
    assert refused("--start", error).key == "epoch"
    assert refused({"epoch": "--start"}, error, in_files=True).key == "--start"


def test_the_file_that_a_name_stands_for_is_said() -> None:
    error = refused({"area": "--area"}, InputError("no area", key="area"), file="a.json")
    assert (error.file, error.key, error.value) == ("a.json", "--area", "a.json")
    assert error.message == str(error) == "a.json: no area"
    inside = InputError("no grid", file="p.asc", key="people", value=3, allowed="one")
    inside = refused({"people": "--population"}, inside, file="x/p.asc", in_files=True)
    assert (inside.file, inside.value, inside.message) == ("x/p.asc", 3, "no grid")
    other = refused({"area": "--area"}, InputError("dense", key="spacing"), file="a.json")
    assert (other.file, other.key) == (None, "spacing")


def test_what_may_stand_there_can_be_said_anew() -> None:
    error = InputError("no", key="RUN", allowed="a folder")
    assert refused({"RUN": "--plane-of"}, error, allowed="a TLE").allowed == "a TLE"
    assert refused("--plane-of", InputError("no", allowed="a folder")).allowed == "a folder"


def test_the_options_of_a_vehicle_are_some_of_plans() -> None:
    assert VEHICLE_OPTIONS.items() <= OPTIONS.items()
