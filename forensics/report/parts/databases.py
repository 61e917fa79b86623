"""What is in the databases of a cluster, as the node that got furthest has them: sizes, soundness, kine's health."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.cluster_databases import newest_node
from forensics.facts.database.kine import KeySize, Kine, Prefix
from forensics.facts.database.summary import DatabaseFacts
from forensics.facts.database.words import loss_words, not_examined_words
from forensics.limits import KINE_PREFIXES_SHOWN
from forensics.report import document as doc


def build_databases(cluster: Cluster) -> doc.Databases | None:
    """The databases at the last index of one node; None where no node's could be rebuilt."""
    node = newest_node(cluster)
    if node is None:
        return None
    return doc.Databases(
        node=node.name,
        index=node.databases.index,
        term=node.databases.term,
        snapshot=node.databases.snapshot,
        found=tuple(_database(database) for database in node.databases.found),
    )


def _database(database: DatabaseFacts) -> doc.Database:
    return doc.Database(
        name=database.name,
        page_size=database.page_size,
        pages=database.pages,
        free_pages=database.free_pages,
        sound=database.sound,
        integrity=tuple(database.integrity) if database.integrity is not None else None,
        losses=tuple(loss_words(loss) for loss in database.losses),
        not_checked=not_examined_words(database.not_examined) if database.not_examined else None,
        kine=_kine(database.kine) if database.kine else None,
    )


def _kine(kine: Kine) -> doc.Kine:
    return doc.Kine(
        rows=kine.rows,
        live=kine.live,
        leased=kine.leased,
        first_revision=kine.first_revision,
        last_revision=kine.last_revision,
        compact_revision=kine.compact_revision,
        gaps=tuple(doc.RevisionGap(first=first, last=last) for first, last in kine.gaps),
        prefixes=tuple(_prefixes(kine.prefixes)),
        largest=tuple(_key(key) for key in kine.largest),
        busiest=tuple(_key(key) for key in kine.busiest),
    )


def _prefixes(prefixes: tuple[Prefix, ...]) -> Iterator[doc.Prefix]:
    """The largest, and the sum of all others as one that has no name."""
    for prefix in islice(prefixes, KINE_PREFIXES_SHOWN):
        yield _prefix(prefix.prefix, prefix)
    if rest := prefixes[KINE_PREFIXES_SHOWN:]:
        yield _prefix(
            None,
            Prefix(
                "",
                sum(one.rows for one in rest),
                sum(one.live for one in rest),
                sum(one.live_bytes for one in rest),
                sum(one.bytes for one in rest),
            ),
        )


def _prefix(name: str | None, prefix: Prefix) -> doc.Prefix:
    return doc.Prefix(prefix=name, rows=prefix.rows, live=prefix.live, live_bytes=prefix.live_bytes, bytes=prefix.bytes)


def _key(key: KeySize) -> doc.KeySize:
    return doc.KeySize(key=key.key, revision=key.revision, size=key.size)
