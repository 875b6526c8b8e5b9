"""Whole columns from and to PostgreSQL in its binary formats, with no Python step for a row.

Out come arrays (``array_agg``), because libpq hands the rows of a COPY over one by one; in go rows
of one width by COPY. Figures on the wire are big-endian.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from django.db import connection
from numpy.typing import NDArray
from psycopg import Cursor

Ints: TypeAlias = NDArray[np.int64]

_ARRAY_HEADER = 20  # dimensions, flags, type, length, lower bound: four bytes each
COPY_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
COPY_END = b"\xff\xff"
_DIGITS = 5  # of base 10,000: enough for 64 bits
_BASE = 10_000
_NUMERIC = np.dtype(
    [("digits", ">i2"), ("weight", ">i2"), ("sign", ">i2"), ("scale", ">i2")]
    + [(f"digit_{place}", ">i2") for place in range(_DIGITS)]
)

#: PostgreSQL's type of a column as numpy holds it on the wire.
WIRE: dict[str, Any] = {
    "uuid": np.dtype("V16"),
    "date": np.dtype(">i4"),
    "int2": np.dtype(">i2"),
    "int4": np.dtype(">i4"),
    "int8": np.dtype(">i8"),
    "numeric": _NUMERIC,
}


def fetch_columns(
    query: str, parameters: Sequence[object], *, types: Mapping[str, str]
) -> dict[str, NDArray[Any]]:
    """Run a query of one row of ``array_agg`` without nulls; the columns by name, in wire form.

    A query that found nothing gives empty columns.
    """
    connection.ensure_connection()
    # Django's own cursors bind on the client, and those cannot ask for the binary format.
    with Cursor(connection.connection) as cursor:
        cursor.execute(query, parameters, binary=True)
        result = cursor.pgresult
        assert result is not None
        found = [result.get_value(0, place) for place in range(len(types))]
    return {
        name: _elements(column, WIRE[type_])
        for (name, type_), column in zip(types.items(), found, strict=True)
    }


def _elements(column: bytes | None, kind: Any) -> NDArray[Any]:
    if column is None:
        return np.empty(0, kind)
    packed = np.dtype([("length", ">i4"), ("value", kind)])
    return np.frombuffer(column, packed, offset=_ARRAY_HEADER)["value"]


def copy_columns(
    table: str, columns: Mapping[str, NDArray[Any]], *, types: Mapping[str, str]
) -> None:
    """COPY columns of one length into a table; a numeric takes whole numbers from zero up."""
    names = ", ".join(f'"{name}"' for name in types)
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{table}" ({names}) FROM STDIN (FORMAT BINARY)') as copy,
    ):
        copy.write(COPY_HEADER)
        copy.write(packed_rows(columns, types=types))
        copy.write(COPY_END)


def packed_rows(columns: Mapping[str, NDArray[Any]], *, types: Mapping[str, str]) -> bytes:
    """The rows of a binary COPY: a count of fields, then length and value of each."""
    layout: list[tuple[str, Any]] = [("fields", ">i2")]
    for name, type_ in types.items():
        layout += [(f"{name}:length", ">i4"), (name, WIRE[type_])]
    rows = np.zeros(len(next(iter(columns.values()))), np.dtype(layout))
    rows["fields"] = len(types)
    for name, type_ in types.items():
        rows[f"{name}:length"] = WIRE[type_].itemsize
        if type_ == "numeric":
            _write_numeric(rows[name], columns[name])
        else:
            rows[name] = columns[name]
    return rows.tobytes()


def _write_numeric(field: NDArray[Any], values: Ints) -> None:
    # Leading and trailing zero digits are cut by PostgreSQL when it reads them.
    field["digits"], field["weight"] = _DIGITS, _DIGITS - 1
    rest = values
    for place in reversed(range(_DIGITS)):
        higher = rest // _BASE
        field[f"digit_{place}"] = rest - higher * _BASE
        rest = higher
