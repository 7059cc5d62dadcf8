import os
from pathlib import Path

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.io import bounds, tables, xml_items
from cosmodrome.io import oem as oem_module
from cosmodrome.io.bounds import MOST_LINE, Source, read_bytes
from cosmodrome.io.conversion import Label, oem_of
from cosmodrome.io.oem import oem_from_kvn, oem_from_xml
from cosmodrome.io.oem_text import oem_kvn, oem_xml
from cosmodrome.io.recognise import read_any
from cosmodrome.io.writing import write_whole
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.state import Trajectory


def test_a_file_that_is_not_there_or_no_file(tmp_path: Path) -> None:
    for path in (tmp_path / "none.oem", tmp_path, "a\0b"):
        with pytest.raises(InputError, match="cannot be read"):
            read_bytes(path)


def test_a_file_too_large_is_not_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.oem"
    path.write_bytes(b"x" * 1001)
    monkeypatch.setattr(bounds, "MOST_BYTES", 1000)
    with pytest.raises(InputError, match="too large"):
        read_bytes(path)
    path.write_bytes(b"x" * 1000)
    assert len(read_bytes(path)[1]) == 1000


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"a\n\xff\xfe", "line 2: this is not text"),
        (b"a\n\n\0", "line 3: a zero byte"),
        (b"hello\nworld\n", "line 1: this is no form of file we read"),
        (b"<html><body/></html>", "no orbit data message"),
        (b"<ndm></ndm>", "no orbit data message"),
        (b"<?xml version='1.0' encoding='UTF-16'?><oem", "not well-formed"),
    ],
)
def test_what_is_none_of_ours_is_refused(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(InputError, match=reason) as caught:
        read_any(path)
    assert caught.value.file == str(path)


def test_too_many_states_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    start = Epoch.parse("2027-03-20T12:00:00Z")
    body = Trajectory(start, "GCRF", np.arange(5.0), np.ones((5, 3)), np.ones((5, 3)))
    oem = oem_of(body, Label(start))
    for module in (oem_module, tables):
        monkeypatch.setattr(module, "MOST_STATES", 5)
    assert len(oem_from_kvn(Source("a"), oem_kvn(oem)).segments[0].times) == 5
    for module in (oem_module, tables):
        monkeypatch.setattr(module, "MOST_STATES", 4)
    for read, text in (
        (oem_from_kvn, oem_kvn(oem)),
        (oem_from_xml, oem_xml(oem)),
        (tables.trajectory_from_csv, tables.csv_text(body)),
    ):
        with pytest.raises(InputError, match=r"line \d+: the .* too many states"):
            read(Source("a"), text)
    with pytest.raises(InputError, match="too many states"):
        tables.trajectory_from_parquet(Source("a"), tables.parquet_bytes(body))
    monkeypatch.setattr(xml_items, "_MOST_LEAVES", 10)
    with pytest.raises(InputError, match="too many elements"):
        oem_from_xml(Source("a"), oem_xml(oem))


def test_line_ends_of_every_sort() -> None:
    assert Source("a").lines("a\r\nb\rc\nd") == ["a", "b", "c", "d"]
    with pytest.raises(InputError, match="a, line 2: the line is too long"):
        Source("a").lines("x\n" + "y" * (MOST_LINE + 1))


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.oem"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert os.listdir(tmp_path) == ["a.oem"]  # noqa: PTH208
    with pytest.raises(InputError, match="cannot be written"):
        write_whole(tmp_path / "none" / "a.oem", b"three")
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        write_whole(tmp_path / "folder", b"three")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.oem", "folder"]


def test_a_write_that_breaks_off_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.oem"
    write_whole(path, b"old")

    def breaks_off(self: Path, content: bytes) -> int:
        with self.open("wb") as stream:
            stream.write(content[: len(content) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", breaks_off)
    with pytest.raises(InputError, match="no space left"):
        write_whole(path, b"new content")
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.oem"]
