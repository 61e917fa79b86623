"""A configuration, and where a log or a snapshot has it."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.parsers.configuration import Configuration


@dataclass(frozen=True, slots=True)
class ConfigurationChange:
    """A configuration and where it came from: a change entry (with its term), or a snapshot's `.meta`."""

    index: int
    term: int | None
    configuration: Configuration
    from_snapshot: bool = False
