"""What differs of clusters and machines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from forensics.facts.cluster.cluster import Case, Cluster
from forensics.facts.cluster.state_change import Trend
from forensics.report import document as doc
from forensics.report.document.difference import ClusterDifference, CommitDifference, Difference, HostDifference
from forensics.report.parts.difference.pairs import Pair
from forensics.report.parts.difference.rows import better_or_worse, row
from forensics.wording import count

_LEVELS = (doc.Level.HEALTHY, doc.Level.ATTENTION, doc.Level.DEGRADED, doc.Level.BROKEN)


def compare_clusters(
    cases: tuple[Case, Case], documents: tuple[doc.Document, doc.Document], pairs: Sequence[Pair], *, went_back: bool
) -> tuple[ClusterDifference, ...]:
    """Of each cluster that both have: verdict (which is no better where something went back) and databases."""
    rows = []
    for old, new in _both(cases, pairs):
        a, b = _entry(documents[0], old), _entry(documents[1], new)
        changes = (
            *_verdict(a.verdict, b.verdict, went_back=went_back),
            *_databases(a.databases, b.databases),
        )
        if changes:
            rows.append(ClusterDifference(database=new.product.database, name=new.name, changes=changes))
    return tuple(rows)


def compare_commits(cases: tuple[Case, Case], pairs: Sequence[Pair]) -> tuple[CommitDifference, ...]:
    """What provably is committed."""
    rows = []
    for old, new in _both(cases, pairs):
        a, b = (cluster.commit.at_least if cluster.commit else None for cluster in (old, new))
        if a is not None and b is not None and a != b:
            trend = Trend.WORSE if b < a else Trend.LATER
            rows.append(CommitDifference(database=new.product.database, name=new.name, a=a, b=b, trend=trend))
    return tuple(rows)


def compare_hosts(before: doc.Document, after: doc.Document) -> tuple[HostDifference, ...]:
    """Versions of snaps, by the machine's name."""
    old = {host.name: host for host in before.hosts if host.name}
    rows = []
    for host in after.hosts:
        was = old.get(host.name) if host.name else None
        if was is None:
            continue
        names = sorted(was.snaps.keys() & host.snaps.keys())
        changes = tuple(
            row(f"snap {name}", was.snaps[name], host.snaps[name], Trend.CHANGED)
            for name in names
            if was.snaps[name] != host.snaps[name]
        )
        if changes and host.name:
            rows.append(HostDifference(host=host.name, changes=changes))
    return tuple(rows)


def _both(cases: tuple[Case, Case], pairs: Sequence[Pair]) -> Iterator[tuple[Cluster, Cluster]]:
    """Clusters that share a node, by what its contents say."""
    for new in cases[1].clusters:
        kin = [pair.before for pair in pairs if pair.after in new.nodes and pair.before and pair.same is not False]
        old = next((cluster for cluster in cases[0].clusters if any(node in cluster.nodes for node in kin)), None)
        if old is not None:
            yield old, new


def _entry(document: doc.Document, cluster: Cluster) -> doc.Cluster:
    return next(
        entry for entry in document.clusters if (entry.database, entry.name) == (cluster.product.database, cluster.name)
    )


def _verdict(a: doc.Verdict, b: doc.Verdict, *, went_back: bool) -> Iterator[Difference]:
    if a.level == b.level:
        return
    known = a.level in _LEVELS and b.level in _LEVELS
    better = known and _LEVELS.index(b.level) < _LEVELS.index(a.level)
    trend = Trend.CHANGED if not known or (better and went_back) else Trend.REPAIRED if better else Trend.WORSE
    yield row("verdict", a.level, b.level, trend)


def _databases(a: doc.Databases | None, b: doc.Databases | None) -> Iterator[Difference]:
    old, new = ({one.name: one for one in side.found} if side else {} for side in (a, b))
    if not old or not new:
        return
    for name in sorted(old.keys() | new.keys()):
        was, now = old.get(name), new.get(name)
        if was is None or now is None:
            yield row(f"database {name}", "there" if was else None, "there" if now else None, Trend.CHANGED)
            continue
        if was.sound != now.sound:
            trend = better_or_worse(was.sound, now.sound)
            yield row(f"database {name}", _soundness(was.sound), _soundness(now.sound), trend)
        yield from _kine(name, was.kine, now.kine)


def _soundness(sound: bool | None) -> str:
    return "not checked" if sound is None else "sound" if sound else "damaged"


def _kine(name: str, a: doc.Kine | None, b: doc.Kine | None) -> Iterator[Difference]:
    """Revisions only grow; keys come and go."""
    if not a or not b:
        return
    if (a.last_revision, a.live, a.compact_revision) != (b.last_revision, b.live, b.compact_revision):
        back = (b.last_revision or 0) < (a.last_revision or 0)
        yield row(f"kine in {name}", _kine_words(a), _kine_words(b), Trend.WORSE if back else Trend.LATER)


def _kine_words(kine: doc.Kine) -> str:
    compacted = f", compacted up to {kine.compact_revision}" if kine.compact_revision else ""
    return f"revision {kine.last_revision}, {count(kine.live, 'live key')}{compacted}"
