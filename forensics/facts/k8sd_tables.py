"""What a microcluster database says of its members: rows of `core_cluster_members` (FACTS 8.2).

Tokens, configurations and certificates' bodies stay where they are: of a certificate only its digest is given.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from forensics.facts.database.open import Database
from forensics.parsers.shown import shown

_TABLES = ("core_cluster_members", "internal_cluster_members")  # the second: before internal schema 5
_COLUMNS = ("id", "name", "address", "certificate", "schema_internal", "schema_external", "heartbeat", "role")


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One member. None where the column is absent, or holds something else than it should.

    Attributes:
        fingerprint: SHA-256 of the certificate's DER form, in hex; None where it is no PEM block.
        heartbeat: as written: `2026-11-23T12:58:55Z`.
        role: `voter`, `stand-by`, `spare` or `PENDING`.
    """

    id: int | None
    name: str | None
    address: str | None
    fingerprint: str | None
    schema_internal: int | None
    schema_external: int | None
    heartbeat: str | None
    role: str | None


def read_members(database: Database) -> tuple[MemberRow, ...] | None:
    """The members in the order of their ids; None where the database has no such table.

    Raises QueryError where the image does not allow it.
    """
    table = next((name for name in _TABLES if name in database.tables()), None)
    if table is None:
        return None
    there = {str(row[1]) for row in database.rows("SELECT * FROM pragma_table_info(?)", (table,))}
    columns = ", ".join(name if name in there else f"NULL AS {name}" for name in _COLUMNS)
    rows = database.rows(f"SELECT {columns} FROM {table} ORDER BY 1 LIMIT 10000")  # noqa: S608 - names of our own
    return tuple(
        MemberRow(
            _number(row[0]),
            _text(row[1]),
            _text(row[2]),
            _fingerprint(row[3]),
            _number(row[4]),
            _number(row[5]),
            _text(row[6]),
            _text(row[7]),
        )
        for row in rows
    )


def _fingerprint(pem: object) -> str | None:
    body = (
        (pem if isinstance(pem, str) else "")
        .partition("-----BEGIN CERTIFICATE-----")[2]
        .partition("-----END CERTIFICATE-----")[0]
    )
    try:
        der = base64.b64decode("".join(body.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    return hashlib.sha256(der).hexdigest() if der else None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _text(value: object) -> str | None:
    return shown(value) if isinstance(value, str) else None
