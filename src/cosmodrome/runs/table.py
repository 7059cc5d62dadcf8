"""Results as one table: columns gathered from jobs, and Parquet of the same bytes each time."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from cosmodrome.errors import ShapeError

__all__ = ["gathered", "parquet_bytes"]


def gathered(parts: Sequence[Mapping[str, Sequence[Any]]]) -> dict[str, list[Any]]:
    """Columns of many parts, one below the other.

    Parameters
    ----------
    parts : sequence of mapping of name to column, all of the same names

    Returns
    -------
    dict of name to list
        In the order of the first part's names; empty if there is no part.

    Raises
    ------
    ShapeError
        If parts have different names.
    """
    names = list(parts[0]) if parts else []
    found: dict[str, list[Any]] = {name: [] for name in names}
    for part in parts:
        if list(part) != names:
            raise ShapeError(f"parts have different columns: {list(part)} and {names}")
        for name in names:
            found[name].extend(part[name])
    return found


def parquet_bytes(columns: Mapping[str, Any], notes: Mapping[str, str]) -> bytes:
    """A table as Parquet.

    Parameters
    ----------
    columns : mapping of name to sequence or array, all of one length
        Numbers, texts or None, which is a missing value; names carry the units.
    notes : mapping of str to str
        What made it, kept in the file's metadata under "cosmodrome.<key>".

    Returns
    -------
    bytes
        The same for the same input and the same libraries.

    Raises
    ------
    ShapeError
        If columns differ in length.
    """
    import pyarrow as pa
    from pyarrow import parquet

    lengths = {len(column) for column in columns.values()}
    if len(lengths) > 1:
        raise ShapeError(f"columns have different lengths: {sorted(lengths)}")
    table = pa.table({name: _plain(column) for name, column in columns.items()})
    noted = {f"cosmodrome.{key}": value for key, value in notes.items()}
    sink = io.BytesIO()
    parquet.write_table(table.replace_schema_metadata(noted), sink, compression="zstd")
    return sink.getvalue()


def _plain(column: Any) -> list[Any]:
    return list(column.tolist()) if hasattr(column, "tolist") else list(column)
