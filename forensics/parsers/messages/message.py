"""What a known message is."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Programs, services and ports that carry dqlite, as logs name them.
DQLITE = (
    r"(?:dqlite|raft|microk8s|kubelite|k8s-dqlite|k8sd|kine|lxd|incus|juju|micro(?:ceph|ovn|cloud)|k3s|go-dqlite"
    r"|:19001|:17666)"
)
# The end of a text that says no more: what loggers, quotes and Markdown put behind it is passed over.
NO_MORE = r"(?:\\n|[\"'`*\\\s}\]])*(?:\([^()]*\))?$"


@dataclass(frozen=True, slots=True)
class Message:
    """One kind of text.

    Attributes:
        code: stable: what rules match on.
        needles: byte strings, one of which every such line holds; a line without them is never looked at.
        pattern: what the line must match; its named groups are kept.
    """

    code: str
    needles: tuple[bytes, ...]
    pattern: re.Pattern[str]


def message(code: str, pattern: str, *needles: str) -> Message:
    """One row of a table; upper and lower case are one in the pattern, and not in the needles."""
    return Message(code, tuple(needle.encode() for needle in needles), re.compile(pattern, re.IGNORECASE))
