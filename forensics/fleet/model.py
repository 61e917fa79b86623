"""The nouns: a case, how it is to be judged, and what came of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from forensics.limits import MIB

Rows = dict[str, list[dict[str, Any]]]
"""Rows by table: tables.py has their columns."""

WARM_CHILD = ("-m", "forensics.fleet.child")


class State(StrEnum):
    """How the judging of a case ended."""

    OK = "ok"
    REFUSED = "refused"  # there is nothing in it that could be read
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"


AGAIN = frozenset({State.TIMEOUT, State.MEMORY, State.CRASHED})
"""What a second try may change."""


class FleetCase(msgspec.Struct, frozen=True):
    """Uploads that are judged together.

    Attributes:
        name: unique in its source: `uploads/SF0012`.
        paths: its inputs: files and directories, or `s3://…`.
        stamp: tells whether paths, sizes and times are those of an earlier run, without reading any content.
        size: bytes, as far as they were listed.
    """

    name: str
    paths: tuple[str, ...]
    stamp: str
    size: int = 0


class Settings(msgspec.Struct, frozen=True):
    """How cases are judged.

    Attributes:
        as_of: what dates are judged at, in seconds since 1970 UTC; None for each case's own newest time.
        beside: SHA-256 of what was given along with the inputs and tells in the report: `analyze` has such options.
        limits: bounds of one case that differ from the usual ones.
        memory: bytes that a child may hold.
        deadline: seconds that a case may take.
        with_keys: the tables get the sentences of findings, which may name keys of Kubernetes.
        child: the arguments of Python that make a child, of the Python that the worker runs.
    """

    as_of: float | None = None
    beside: tuple[str, ...] = ()
    limits: tuple[tuple[str, int], ...] = ()
    memory: int = 2048 * MIB
    deadline: float = 300.0
    with_keys: bool = False
    child: tuple[str, ...] = WARM_CHILD


class Made(msgspec.Struct, frozen=True):
    """What a child made of a case.

    Attributes:
        state: how it ended.
        reason: why, where it is not `ok`; never the evidence's own text.
        report: report.json, packed by zstd; empty where there is none.
        rows: of the report, by table.
        cpu: seconds of processor.
        peak: bytes of memory that the child ever held.
    """

    state: State
    reason: str = ""
    report: bytes = b""
    rows: Rows = {}
    cpu: float = 0.0
    peak: int = 0


class Failure(msgspec.Struct, frozen=True):
    """One try that failed."""

    state: State
    reason: str


class Outcome(msgspec.Struct, frozen=True):
    """A finished case.

    Attributes:
        case: which.
        key: of its report in the store; empty where its inputs could not be read at all.
        state: how it ended.
        failures: of the tries that failed, in order.
        rows: of its report, by table.
        cpu: seconds of processor of the try that counts; 0 where the report was there already.
        peak: bytes of memory that its child held.
        seconds: on the clock, of all tries.
        finished: seconds since 1970 UTC.
        reused: the report of the same bytes was there already.
    """

    case: FleetCase
    key: str
    state: State
    failures: tuple[Failure, ...] = ()
    rows: Rows = {}
    cpu: float = 0.0
    peak: int = 0
    seconds: float = 0.0
    finished: float = 0.0
    reused: bool = False
