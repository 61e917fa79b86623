"""Which node a user means: by name, server id, address, or the path of its directory."""

from __future__ import annotations

from collections.abc import Iterable

from forensics.ingest.state_directory import StateDirectory
from forensics.parsers.member_record import MemberRecord
from forensics.parsers.members import parse_info


def select(directories: Iterable[StateDirectory], wanted: str | None) -> list[StateDirectory]:
    """The state directories that `wanted` names; all where it is None. The same node may hold several databases."""
    if wanted is None:
        return list(directories)
    return [directory for directory in directories if wanted in _names(directory)]


def _names(directory: StateDirectory) -> set[str]:
    record = _info(directory)
    names = {directory.node, directory.path}
    if record is not None:
        names |= {str(value) for value in (record.id, record.address) if value is not None}
    return names


def _info(directory: StateDirectory) -> MemberRecord | None:
    file = directory.file("info.yaml")
    return parse_info(file.blob).value if file is not None and file.blob is not None else None
