"""Names as listings print them: quoted, marked, with their directory, or torn."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache

from forensics.ingest import raft_names
from forensics.ingest.roles import FileRole, role_of
from forensics.limits import LISTED_NAME_CHARS_MAX, LISTED_NAMES_REMEMBERED_MAX

_QUOTES = {'"': '"', "'": "'", "\u2018": "\u2019", "`": "'", "“": "”", "„": "“", "«": "»"}
_BEGINNING = re.compile(
    r"\d{0,16}-?|snapshot-[\d.a-z-]*|"
    + "|".join(  # the beginnings of each
        "|".join(re.escape(name[:length]) for length in range(1, len(name) + 1))
        for name in (
            "metadata",
            "snapshot",
            "open-",
            "corrupt-",
            "tmp-",
            *("cluster.yam", "cluster.cr", "cluster.ke", "info.yam", "daemon.yam", "tuning.yam"),
            *("server.cr", "server.ke", "failure-domai"),
        )
    )
)


def bare(name: str) -> str:
    """Without quotes and the marks of `ls -F`."""
    text = name.strip()
    for _ in range(2):  # `"open-1"` and `"truststore"/`
        if len(text) > 1 and _QUOTES.get(text[0]) == text[-1]:
            text = text[1:-1]
        if len(text) > 1 and text[-1] in "/*=@|":
            text = text[:-1]
    return text


@lru_cache(maxsize=LISTED_NAMES_REMEMBERED_MAX)  # a journal is searched for listings, too, and its words repeat
def role_in(name: str) -> FileRole:
    """The role of a name as printed, with its directory where it has one."""
    return role_of(posixpath.basename(bare(name)))


def is_raft(name: str) -> bool:
    """Raft writes files of that name, and hardly anybody else does."""
    label = posixpath.basename(bare(name))
    closed = raft_names.parse_closed(label)
    snapshot = raft_names.parse_snapshot(label) or raft_names.parse_snapshot_meta(label)
    return label in ("metadata1", "metadata2") or bool(closed and closed.canonical) or snapshot is not None


def is_plausible(name: str) -> bool:
    """A name or a path, quoted or not: no prose."""
    return (
        len(name) <= LISTED_NAME_CHARS_MAX
        and re.fullmatch(r"['\"\u2018]?[\w.@+:/~,=*-]+['\"\u2019]?[/=@*]?", name) is not None
    )


def may_be_torn(path: str) -> bool:
    """A longer name of a state directory begins with this one: where a line ends in it, the rest may be missing.

    An open segment's counter, and what a leftover is of, say so little that `open-1` for `open-13` does no harm.
    """
    name = posixpath.basename(bare(path))
    closed = raft_names.parse_closed(name)
    if closed is not None or raft_names.parse_open(name):
        return closed is not None and not closed.canonical
    if role_in(name) is FileRole.UNKNOWN:
        return bool(_BEGINNING.fullmatch(name))
    return raft_names.parse_snapshot(name) is not None
