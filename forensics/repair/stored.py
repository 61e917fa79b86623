"""A stored repair.json, read back: bounded and validated."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass

import msgspec

from forensics.errors import InputError
from forensics.ingest.paths import printable
from forensics.limits import REPORT_BYTES_MAX
from forensics.plan.steps import StepKind
from forensics.repair.ledger import Ledger

_PUTS_AND_STARTS = frozenset({StepKind.RESTORE, StepKind.START})  # of its node, in every ledger


@dataclass(frozen=True, slots=True)
class StoredLedger:
    """A ledger that was given along: the name of its file without the path, that file's SHA-256, and what is in it."""

    name: str
    sha256: str
    ledger: Ledger


def read_ledger(path: str) -> StoredLedger | None:
    """The ledger in a file; None where it is something else.

    Raises InputError where it is damaged or unreadable, or not whole: it has no files, or no steps that put them in
    place and start the node.
    """
    try:
        with open(path, "rb") as file:
            raw = file.read(REPORT_BYTES_MAX + 1)
    except (OSError, ValueError) as error:
        raise InputError(path, getattr(error, "strerror", None) or "not a valid path") from error
    if len(raw) > REPORT_BYTES_MAX or not _is_ledger(raw):
        return None
    try:
        ledger = msgspec.json.decode(raw, type=Ledger)
    except (msgspec.DecodeError, ValueError) as error:
        raise InputError(path, f"not a repair.json: {printable(str(error))}") from None
    own = {step.kind for step in ledger.steps if step.nodes == [ledger.node]}
    if not ledger.files or not own >= _PUTS_AND_STARTS:
        raise InputError(path, "not a whole repair.json: it lacks files, or the steps that put them in place")
    return StoredLedger(printable(os.path.basename(path)), hashlib.sha256(raw).hexdigest(), ledger)


def _is_ledger(raw: bytes) -> bool:
    try:
        top = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, ValueError, RecursionError):
        return False
    return {"leftOut", "kept"} <= top.keys()
