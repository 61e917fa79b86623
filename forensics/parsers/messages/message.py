"""What a known message is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

# Programs, services and ports that carry dqlite, as logs name them.
DQLITE = (
    r"(?:dqlite|raft|microk8s|kubelite|k8s-dqlite|k8sd|kine|lxd|incus|juju|micro(?:ceph|ovn|cloud)|k3s|go-dqlite"
    r"|:19001|:17666)"
)
# The end of a text that says no more: what loggers, quotes and Markdown put behind it is passed over.
NO_MORE = r"(?:\\n|[\"'`*\\\s}\]])*+(?:\([^()]*\))?$"

# Where what a program says begins: the line, behind a prefix, in a field of logfmt or JSON, behind the module of Juju.
BEGINS = r"(?:^|[\]=:>|}](?:[\"'\\\s])*|\dZ? +|\bINFO +(?:juju\S* +(?:\w+\.go:\d+ +)?)?)"

# Groups of these names are numbers. All others are texts: files, addresses, names and ids.
_NUMBERS = frozenset(
    (
        *("batch", "bytes", "expected_bytes", "offset"),
        *("entries", "expected_entries"),
        *("index", "expected_index", "last_index", "snapshot_index", "term"),
        *("error_code", "format_version", "version", "known_version"),
        *("restarts", "seconds"),
    )
)
_DIGITS_MAX = 20  # of a 64-bit number: no program that is known here writes a larger one


@dataclass(frozen=True, slots=True)
class Message:
    """One kind of text.

    Attributes:
        code: what it is: stable, the kind of the finding that it leads to.
        needles: byte strings, one of which every such line holds; a line without them is never looked at.
        pattern: what the line must match. Its named groups are kept. A name that stands in several branches has a
            number behind it (`member`, `member2`); it is dropped.
    """

    code: str
    needles: tuple[bytes, ...]
    pattern: re.Pattern[str]

    def named(self, text: str) -> dict[str, str | int] | None:
        """What a line names: the pattern's groups, numbers as such. None where it is not this message."""
        found = self.pattern.search(text)
        return None if found is None else _typed(found.groupdict())


def message(code: str, pattern: str, *needles: str) -> Message:
    """One row of a table; upper and lower case are one in the pattern, and not in the needles."""
    return Message(code, tuple(needle.encode() for needle in needles), re.compile(pattern, re.IGNORECASE))


def after(head: str) -> str:
    """A pattern of a line up to the end of its first `head`: what may follow is looked for behind that one alone.

    `head.*tail` would look through the rest of the line again behind each `head`, and finds nothing else.
    """
    return rf"\A(?>.*?(?:{head}))"


def _typed(groups: Mapping[str, str | None]) -> dict[str, str | int] | None:
    """None where what should be a number cannot be one."""
    said = {group.rstrip("0123456789"): value for group, value in groups.items() if value}
    if any(len(value) > _DIGITS_MAX for name, value in said.items() if name in _NUMBERS):
        return None
    return {name: int(value) if name in _NUMBERS else value for name, value in said.items()}
