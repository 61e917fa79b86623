"""The cluster over time and over its nodes: configurations, divergences, what is committed, who says what of whom."""

from __future__ import annotations

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.history import LeaderKnownBy, boots, moments, restarts, term_bands
from forensics.facts.cluster.log_matching import Divergence, Side
from forensics.facts.cluster.member_sources import Claim, member_matrix
from forensics.facts.cluster.words import (
    commit_words,
    forced_words,
    leader_words,
    members_change_words,
    moment_words,
    never_words,
    proof_words,
    source_words,
    undecided_words,
)
from forensics.facts.log.entry_range import entry_range, longest
from forensics.facts.log.range_writes import range_writes
from forensics.facts.log.words import range_words
from forensics.report import document as doc
from forensics.report.parts.encoding import id_text, iso_time, servers, span, written


def build_membership(cluster: Cluster) -> tuple[doc.MembershipChange, ...]:
    """Every configuration, by index."""
    return tuple(
        doc.MembershipChange(
            index=event.index,
            term=event.term,
            change=members_change_words(event.change),
            forced=forced_words(event.forced) if event.forced else None,
            nodes=tuple(event.nodes),
            servers=servers(event.configuration.servers),
        )
        for event in cluster.membership
    )


def build_divergences(cluster: Cluster) -> tuple[doc.Divergence, ...]:
    """Where logs hold different entries at one index."""
    return tuple(_divergence(cluster, divergence) for divergence in cluster.divergences)


def _divergence(cluster: Cluster, divergence: Divergence) -> doc.Divergence:
    return doc.Divergence(
        index=divergence.index,
        kind=doc.DivergenceKind(divergence.kind.value),
        last_index=divergence.last_index,
        shift=divergence.shift or None,
        sides=tuple(_side(cluster, divergence.index, side) for side in divergence.sides),
    )


def _side(cluster: Cluster, index: int, side: Side) -> doc.Side:
    node = longest(cluster, side)
    held = entry_range(node, index)
    return doc.Side(
        nodes=tuple(side.nodes),
        term=side.term,
        last_index=side.last,
        committed=cluster.is_committed(side, index),
        holds=range_words(held),
        pages={one.database: one.pages for one in held.pages},
        written=written(range_writes(node, index)),
    )


def build_commit_index(cluster: Cluster) -> doc.CommitIndex | None:
    """The bounds of what is committed."""
    commit = cluster.commit
    if commit is None:
        return None
    return doc.CommitIndex(
        at_least=commit.at_least,
        at_most=commit.at_most,
        why=commit_words(commit),
        unknown=undecided_words(commit.undecided) if commit.undecided else None,
        histories=tuple(
            doc.Proof(node=name, at_least=proof.index, why=proof_words(proof))
            for name, proof in sorted(commit.proofs.items())
        ),
        never=tuple(
            doc.Never(node=name, from_index=never.index, why=never_words(never))
            for name, never in sorted(commit.never.items())
        ),
    )


def build_copies(cluster: Cluster) -> tuple[doc.Copy, ...]:
    """Directories that carry another's ID."""
    return tuple(doc.Copy(node=copy.node, of=copy.of, kind=doc.CopyKind(copy.kind.value)) for copy in cluster.copies)


def build_member_matrix(cluster: Cluster) -> doc.MemberMatrix:
    """One row a member, one column a source; a cell is what the source says, or null where it does not name it."""
    matrix = member_matrix(cluster)
    return doc.MemberMatrix(
        sources=tuple(
            doc.MemberSource(
                kind=source.kind,
                title=source_words(source),
                nodes=source.nodes,
                index=source.index,
                at=tuple(span(at) for at in source.at),
            )
            for source in matrix.sources
        ),
        members=tuple(
            doc.MemberRow(
                id=id_text(row.id),
                address=row.address,
                node=row.node,
                cells=tuple(None if cell is None else _claim(cell) for cell in row.cells),
            )
            for row in matrix.rows
        ),
    )


def _claim(claim: Claim) -> doc.Claim:
    return doc.Claim(id=id_text(claim.id), address=claim.address, role=claim.role, name=claim.name)


def build_timeline(cluster: Cluster) -> doc.Timeline:
    """Raft's own order, and apart from it what files date."""
    return doc.Timeline(
        terms=tuple(
            doc.TermRange(
                term=band.term,
                first_index=band.first,
                last_index=band.last,
                leader=id_text(band.leader),
                how=None if band.known_by is LeaderKnownBy.UNKNOWN else leader_words(band),
            )
            for band in term_bands(cluster)
        ),
        restarts=tuple(
            doc.RestartRun(node=run.node, first_index=run.first, last_index=run.last, segments=run.segments)
            for node in cluster.nodes
            for run in restarts(node)
        ),
        files=tuple(
            doc.FileTime(time=iso_time(moment.time), node=moment.node, what=moment_words(moment), path=moment.path)
            for moment in moments(cluster)
        ),
        boots=tuple(doc.Boot(node=node.name, time=iso_time(time)) for node in cluster.nodes for time in boots(node)),
    )
