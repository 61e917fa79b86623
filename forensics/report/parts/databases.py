"""What is in the databases of a cluster, as the node that got furthest has them: sizes, soundness, kine's health."""

from __future__ import annotations

from itertools import islice

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.kine_health import KeySize, Kine, Prefix
from forensics.facts.database.of_cluster import newest_node
from forensics.facts.database.summary import DatabaseFacts
from forensics.facts.database.words import loss_words, not_examined_words
from forensics.limits import KINE_PREFIXES_SHOWN
from forensics.report.document import Document
from forensics.report.parts.context import Context


def build_databases(_: Context, cluster: Cluster) -> Document | None:
    """The databases at the last index of one node; None where no node's could be rebuilt."""
    node = newest_node(cluster)
    if node is None:
        return None
    return {
        "node": node.name,
        "index": node.databases.index,
        "term": node.databases.term,
        "snapshot": node.databases.snapshot,
        "found": [_database(database) for database in node.databases.found],
    }


def _database(database: DatabaseFacts) -> Document:
    return {
        "name": database.name,
        "pageSize": database.page_size,
        "pages": database.pages,
        "freePages": database.free_pages,
        "sound": database.sound,
        "integrity": list(database.integrity) if database.integrity is not None else None,
        "losses": [loss_words(loss) for loss in database.losses],
        "notChecked": not_examined_words(database.not_examined) if database.not_examined else None,
        "kine": _kine(database.kine) if database.kine else None,
    }


def _kine(kine: Kine) -> Document:
    return {
        "rows": kine.rows,
        "live": kine.live,
        "leased": kine.leased,
        "firstRevision": kine.first_revision,
        "lastRevision": kine.last_revision,
        "compactRevision": kine.compact_revision,
        "gaps": [{"first": first, "last": last} for first, last in kine.gaps],
        "prefixes": _prefixes(kine.prefixes),
        "largest": [_key(key) for key in kine.largest],
        "busiest": [_key(key) for key in kine.busiest],
    }


def _prefixes(prefixes: tuple[Prefix, ...]) -> list[Document]:
    """The largest, and the sum of all others as one that has no name."""
    shown = [_prefix(prefix.prefix, prefix) for prefix in islice(prefixes, KINE_PREFIXES_SHOWN)]
    rest = prefixes[KINE_PREFIXES_SHOWN:]
    if rest:
        total = Prefix(
            "",
            sum(one.rows for one in rest),
            sum(one.live for one in rest),
            sum(one.live_bytes for one in rest),
            sum(one.bytes for one in rest),
        )
        shown.append(_prefix(None, total))
    return shown


def _prefix(name: str | None, prefix: Prefix) -> Document:
    return {
        "prefix": name,
        "rows": prefix.rows,
        "live": prefix.live,
        "liveBytes": prefix.live_bytes,
        "bytes": prefix.bytes,
    }


def _key(key: KeySize) -> Document:
    return {"key": key.key, "revision": key.revision, "size": key.size}
