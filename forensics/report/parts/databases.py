"""What is in the databases of a cluster, as the node that got furthest has them: sizes, soundness, kine's health."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.cluster_databases import newest_node
from forensics.facts.database.growth import Size, growth_of
from forensics.facts.database.kine import KeySize, Kine, Prefix
from forensics.facts.database.summary import DatabaseFacts
from forensics.facts.database.words import loss_words, not_examined_words
from forensics.limits import GROWTH_POINTS, KINE_PREFIXES_SHOWN
from forensics.report import document as doc


def build_databases(cluster: Cluster) -> doc.Databases | None:
    """The databases at the last index of one node; None where no node's could be rebuilt."""
    node = newest_node(cluster)
    if node is None:
        return None
    growth = growth_of(node)
    last = node.databases.index
    return doc.Databases(
        node=node.name,
        index=node.databases.index,
        term=node.databases.term,
        snapshot=node.databases.snapshot,
        found=tuple(
            _database(database, thinned(growth.get(database.name, []), Size(last, database.pages)))
            for database in node.databases.found
        ),
    )


def thinned(told: list[Size], end: Size) -> tuple[doc.DatabaseSize, ...]:
    """The sizes up to the rebuilt database's own, which ends them; at most one for each of GROWTH_POINTS stretches."""
    told = [size for size in told if size.index < end.index]
    if not told:
        return ()
    first = told[0].index
    step = max((end.index - first) / GROWTH_POINTS, 1)
    thinned = {int((size.index - first) / step): size for size in told[1:]}  # the last of a stretch counts
    sizes = [told[0], *thinned.values(), end]
    return tuple(doc.DatabaseSize(index=size.index, pages=size.pages) for size in sizes)


def _database(database: DatabaseFacts, growth: tuple[doc.DatabaseSize, ...]) -> doc.Database:
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
        growth=growth,
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
