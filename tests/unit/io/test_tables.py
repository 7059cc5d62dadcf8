from pathlib import Path

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.io.bounds import Source
from cosmodrome.io.tables import (
    csv_text,
    parquet_bytes,
    read_csv,
    read_parquet,
    trajectory_from_csv,
    trajectory_from_parquet,
)
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.state import Event, Trajectory

START = Epoch.parse("2027-03-20T12:00:00.123456789Z")
HERE = Source("file.csv")


def flight() -> Trajectory:
    rng = np.random.default_rng(3)
    t = np.array([-2.0, 0.1, 10.0, 10.0, 1e5 / 3.0])
    r, v = rng.normal(size=(5, 3)) * 7e6, rng.normal(size=(5, 3)) * 7e3
    parts = (("stage 1, burn", 0, 3), ('the "rest"', 3, 5))
    return Trajectory(START, "TOD", t, r, v, 5.0 - t / 1e5, parts, (Event("insertion", 9.0),))


def test_csv_gives_the_same_doubles_back(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(csv_text(flight()), encoding="utf-8")
    ours, theirs = flight(), read_csv(path)
    for name in ("t_s", "r_m", "v_m_s", "mass_kg"):
        assert np.array_equal(getattr(ours, name), getattr(theirs, name)), name
    assert (theirs.segments, theirs.frame) == (ours.segments, "TOD")
    assert theirs.epoch - ours.epoch == pytest.approx(0.0, abs=1e-9)


def test_parquet_gives_everything_back(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(parquet_bytes(flight()))
    ours, theirs = flight(), read_parquet(path)
    for name in ("t_s", "r_m", "v_m_s", "mass_kg"):
        assert np.array_equal(getattr(ours, name), getattr(theirs, name)), name
    assert (theirs.segments, theirs.events, theirs.frame) == (ours.segments, ours.events, "TOD")
    assert theirs.epoch - ours.epoch == pytest.approx(0.0, abs=1e-11)


def test_somebody_elses_kilometres_and_times() -> None:
    text = (
        "Epoch_UTC, x_km,y_km,z_km,vx_km_s,vy_km_s,vz_km_s,remark\n"
        "2027-03-20T12:00:00Z,7000,0,0,0,7.5,0,hello\n\n"
        "2027-03-20T12:01:00Z,6985.5,450,0,-0.5,7.4,0,\n"
    )
    body = trajectory_from_csv(HERE, text, frame="GCRF")
    assert body.t_s.tolist() == [0.0, 60.0]
    assert body.r_m[1].tolist() == [6985500.0, 450000.0, 0.0]
    assert body.v_m_s[1].tolist() == [-500.0, 7400.0, 0.0]
    assert body.mass_kg is None


HEAD = "t_s,x_m,y_m,z_m,vx_m_s,vy_m_s,vz_m_s,frame"
ROW = "0,7e6,0,0,0,7500,0,GCRF"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"{HEAD}\n{ROW}", "times but no epoch"),
        (f"{HEAD}\n{ROW},1", "line 2: 9 columns"),
        (f"{HEAD}\n{ROW.replace('7e6', 'nan')}", "line 2: x_m 'nan' is not a number"),
        (f"{HEAD}\n{ROW.replace('7e6', '')}", "line 2: x_m '' is not a number"),
        (f"{HEAD.replace('y_m', 'q')}\n{ROW}", "column y_m"),
        (f"{HEAD.replace(',y_m', ',x_m')}\n{ROW}", "'x_m' stands twice"),
        (f"{HEAD}\n{ROW}\n{ROW.replace('GCRF', 'ITRF')}", "2 frames"),
        (f"{HEAD}\n{ROW.replace('GCRF', 'ECI')}", "frame 'ECI'"),
        (f"{HEAD}\n", "frames stand in the table"),
        (f'{HEAD}\n"{ROW}', "this is not CSV"),
    ],
)
def test_broken_tables_are_refused(text: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason) as caught:
        trajectory_from_csv(HERE, text)
    assert caught.value.file == "file.csv"


def test_falling_time_is_refused() -> None:
    text = f"{HEAD}\n{ROW}\n-1{ROW[1:]}"
    with pytest.raises(InputError, match="time falls after state 1"):
        trajectory_from_csv(HERE, text, epoch=START)


@pytest.mark.parametrize("fault", ["cut", "magic", "no epoch", "no frame", "words"])
def test_broken_parquet_is_refused(fault: str) -> None:
    import io

    import pyarrow as pa
    from pyarrow import parquet

    content = parquet_bytes(flight())
    if fault == "cut":
        content = content[: len(content) // 2]
    elif fault == "magic":
        content = b"PAR1" + b"x" * 200 + b"PAR1"
    else:
        table = parquet.read_table(pa.BufferReader(content))
        noted = dict(table.schema.metadata)
        if fault == "words":
            table = table.set_column(2, "x_m", pa.array(["a"] * 5))
        else:
            key = b"cosmodrome.epoch_utc" if fault == "no epoch" else b"cosmodrome.frame"
            del noted[key]
        sink = io.BytesIO()
        parquet.write_table(table.replace_schema_metadata(noted), sink)
        content = sink.getvalue()
    with pytest.raises(InputError) as caught:
        trajectory_from_parquet(HERE, content)
    assert caught.value.file == "file.csv"
