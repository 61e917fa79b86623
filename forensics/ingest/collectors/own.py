"""The archive of this tool's own script (`dqlite-forensics collector`): files at their absolute paths, and what it saw.

Source: forensics/collector/collect.sh; docs/reference/collectors.md#collectsh.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from forensics.ingest.collectors.api import Collection, Collector, Use, places
from forensics.ingest.collectors.texts import texts
from forensics.limits import HOST_TEXT_BYTES_MAX

_CHANGED = "changed-while-copied"

COLLECTOR = Collector(
    "dqlite-forensics collector",
    re.compile(r"(?P<root>(?:.*?/)??)dqlite-forensics/collected\.txt"),
    places(
        (r"dqlite-forensics/listing\.txt", Use.LISTING),
        (r"dqlite-forensics/journal/[^/]+\.txt", Use.JOURNAL),
        (
            r"dqlite-forensics/(hostname|date|date-utc|timedatectl|df|df-inodes|uname|uptime|restarts)\.txt",
            Use.HOST,
            r"\1",
        ),
        (r"dqlite-forensics/ip-addr\.txt", Use.HOST, "addresses"),
        (r"dqlite-forensics/snap-list\.txt", Use.HOST, "snaps"),
        (r"dqlite-forensics/sysctl-aio\.txt", Use.HOST, "aio"),
        (r"dqlite-forensics/units\.txt", Use.HOST, "services"),
        (r"dqlite-forensics/public-keys\.txt", Use.HOST, "public-keys"),
        (r"dqlite-forensics/changed\.txt", Use.HOST, _CHANGED),
        (r"dqlite-forensics/digests\.txt", Use.HOST, "digests"),
        (r"dqlite-forensics/parts/(.+)\.head", Use.HEAD, r"\1"),
        (r"dqlite-forensics/parts/(.+)\.tail", Use.TAIL, r"\1"),
    ),
    lists_all=True,
)


def changed_while_copied(collection: Collection | None, directory: str) -> tuple[str, ...] | None:
    """Names of a directory's files that differed between a look before the copy and one behind it.

    None where nobody looked twice, so that whether the copy is of one moment is not known.
    """
    if collection is None or collection.collector is not COLLECTOR or _CHANGED not in collection.facts:
        return None
    paths = (path for path in _changed(collection) if path.rpartition("/")[0] == directory)
    return tuple(sorted(path.rpartition("/")[2] for path in paths))


def _changed(collection: Collection) -> Iterator[str]:
    """Paths in the input, from lines of `changed`, `new` or `gone`, a tab and an absolute path."""
    for text in texts(collection, _CHANGED, limit=HOST_TEXT_BYTES_MAX):
        for line in text.splitlines():
            _, tab, path = line.partition("\t")
            if tab:
                yield collection.root + path.lstrip("/")
