"""A run too large is refused before it begins; results become one table."""

from __future__ import annotations

import io
import math
import shutil
from collections import namedtuple
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cosmodrome.errors import ShapeError
from cosmodrome.runs import Size, SizeError, check_size, gathered, parquet_bytes

Usage = namedtuple("Usage", "total used free")


def test_a_run_that_fits_is_let_through(tmp_path: Path) -> None:
    check_size(Size(2000, "samples", 0.02, 300.0), workers=2, folder=tmp_path / "not" / "there")


def test_a_run_that_takes_too_long_says_how_many_would_do() -> None:
    size = Size(1_000_000, "samples", 0.5, 100.0)
    with pytest.raises(SizeError, match=r"1000000 samples would take about 2\.89 days") as caught:
        check_size(size, workers=2)
    most = int(str(caught.value.allowed).split()[0])
    check_size(Size(most, "samples", 0.5, 100.0), workers=2)
    with pytest.raises(SizeError):
        check_size(Size(math.ceil(1.01 * most), "samples", 0.5, 100.0), workers=2)
    # What it says to allow is enough, and so are more machines.
    hours = float(str(caught.value.allowed).split("--hours ")[1].split()[0])
    check_size(size, workers=2, most_hours=hours)
    check_size(size, workers=20)


def test_a_run_that_fills_the_disk_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: Usage(10**9, 10**9, 60_000_000))
    size = Size(10_000, "samples", 0.001, 1000.0)
    with pytest.raises(SizeError, match=r"would need about 30 MB in .*, where 60 MB are free"):
        check_size(size, workers=2, folder=tmp_path)
    check_size(Size(3000, "samples", 0.001, 1000.0), workers=2, folder=tmp_path)


def test_a_run_that_fills_the_memory_is_refused() -> None:
    with pytest.raises(SizeError, match="of memory"):
        check_size(Size(10_000_000, "samples", 1e-6, 1000.0), workers=2)


def test_parts_are_put_together_in_their_order() -> None:
    parts: list[dict[str, list[Any]]] = [{"a": [1, 2], "b": ["x", "y"]}, {"a": [3], "b": [None]}]
    assert gathered(parts) == {"a": [1, 2, 3], "b": ["x", "y", None]}
    assert gathered([]) == {}
    with pytest.raises(ShapeError, match="different columns"):
        gathered([{"a": [1]}, {"b": [1]}])


def test_a_table_comes_back_from_parquet_and_has_the_same_bytes_each_time() -> None:
    import pyarrow.parquet as pq

    columns = {"sample": [0, 1], "drop_m": np.array([0.1, math.pi]), "status": ["done", None]}
    content = parquet_bytes(columns, {"seed": "7"})
    assert content == parquet_bytes(columns, {"seed": "7"})
    back = pq.read_table(io.BytesIO(content))
    assert back.to_pydict() == {
        "sample": [0, 1],
        "drop_m": [0.1, math.pi],
        "status": ["done", None],
    }
    assert back.schema.metadata[b"cosmodrome.seed"] == b"7"
    with pytest.raises(ShapeError, match="different lengths"):
        parquet_bytes({"a": [1], "b": [1, 2]}, {})
