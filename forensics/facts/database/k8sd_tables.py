"""What a microcluster database says of its members: rows of `core_cluster_members`.

Source: docs/reference/microcluster.md#tables.

Tokens, configurations and certificates' bodies stay where they are: of a certificate only its digest is given.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from forensics.facts.database.open import Database
from forensics.masking.text import masked_name

_TABLES = ("core_cluster_members", "internal_cluster_members")  # the second: before internal schema 5
_COLUMNS = ("id", "name", "address", "certificate", "schema_internal", "schema_external", "heartbeat", "role")
_EXTENSIONS = "api_extensions"
_TOKENS = ("core_token_records", "internal_token_records")
PENDING = "PENDING"
_FRACTION = re.compile(r"(\.\d{1,6})\d*")


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One member. None where the column is absent, or holds something else than it should.

    Attributes:
        fingerprint: SHA-256 of the certificate's DER form, in hex; None where it is no PEM block.
        heartbeat: as written: `2026-11-23T12:58:55Z`.
        role: `voter`, `stand-by`, `spare` or `PENDING`.
        extensions: the list of API extensions as written, JSON.
    """

    id: int | None
    name: str | None
    address: str | None
    fingerprint: str | None
    schema_internal: int | None
    schema_external: int | None
    heartbeat: str | None
    role: str | None
    extensions: str | None = None

    @property
    def pending(self) -> bool:
        """It is about to be added or removed, and need not be in raft."""
        return self.role == PENDING


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A join token that has not been used: whom it is for, and until when (as written). The secret is not read."""

    name: str | None
    expires: str | None


@dataclass(frozen=True, slots=True)
class MicroclusterTables:
    """What is read of a microcluster database.

    Attributes:
        schema: the newest internal and external version in `schemas`; None where that table has no types yet.
        tokens: by name.
    """

    schema: tuple[int, int] | None
    tokens: tuple[TokenRow, ...]


def read_tables(database: Database) -> MicroclusterTables | None:
    """Versions and tokens; None where the database is no microcluster's. Raises QueryError as read_members."""
    tables = database.tables()
    if not {*_TABLES} & {*tables}:
        return None
    tokens = next((_tokens(database, name) for name in _TOKENS if name in tables), ())
    return MicroclusterTables(_schema(database) if "schemas" in tables else None, tokens)


def _schema(database: Database) -> tuple[int, int] | None:
    """See MicroclusterTables.schema."""
    if "type" not in _columns(database, "schemas"):
        return None
    newest = dict(database.rows("SELECT type, MAX(version) FROM schemas GROUP BY type LIMIT 10"))
    internal, external = newest.get(0, 0), newest.get(1, 0)
    return (internal, external) if isinstance(internal, int) and isinstance(external, int) else None


def _tokens(database: Database, table: str) -> tuple[TokenRow, ...]:
    expiry = "expiry_date" if "expiry_date" in _columns(database, table) else "NULL"
    rows = database.rows(f"SELECT name, {expiry} FROM {table} ORDER BY 1 LIMIT 1000")  # noqa: S608 - our own names
    return tuple(TokenRow(_text(row[0]), _text(row[1])) for row in rows)


def _columns(database: Database, table: str) -> set[str]:
    return {str(row[1]) for row in database.rows("SELECT * FROM pragma_table_info(?)", (table,))}


def read_members(database: Database) -> tuple[MemberRow, ...] | None:
    """The members in the order of their ids; None where the database has no such table.

    Raises QueryError where the image does not allow it.
    """
    table = next((name for name in _TABLES if name in database.tables()), None)
    if table is None:
        return None
    there = _columns(database, table)
    columns = ", ".join(name if name in there else f"NULL AS {name}" for name in (*_COLUMNS, _EXTENSIONS))
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
            row[8] if isinstance(row[8], str) else None,
        )
        for row in rows
    )


def moment_of(text: str | None) -> datetime | None:
    """A time as Go's driver writes it: `2026-11-23T12:58:55Z`, or with a blank, a fraction, an offset."""
    try:
        moment = datetime.fromisoformat(_FRACTION.sub(r"\1", (text or "").strip().replace(" ", "T", 1)))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


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
    return masked_name(value) if isinstance(value, str) else None
