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
    undecided_words,
)
from forensics.facts.log.entry_range import entry_range, longest
from forensics.facts.log.range_writes import range_writes
from forensics.facts.log.words import range_words
from forensics.report.document import Document
from forensics.report.parts.context import Context
from forensics.report.parts.encoding import id_text, iso_time, server, span, written


def build_name(_: Context, cluster: Cluster) -> str:
    """The database, and the founder where the input holds several clusters of it."""
    return cluster.name


def build_membership(_: Context, cluster: Cluster) -> list[Document]:
    """Every configuration, by index."""
    return [
        {
            "index": event.index,
            "term": event.term,
            "change": members_change_words(event.change),
            "forced": forced_words(event.forced) if event.forced else None,
            "nodes": list(event.nodes),
            "servers": [server(member) for member in event.configuration.servers],
        }
        for event in cluster.membership
    ]


def build_divergences(_: Context, cluster: Cluster) -> list[Document]:
    """Where logs hold different entries at one index."""
    return [_divergence(cluster, divergence) for divergence in cluster.divergences]


def _divergence(cluster: Cluster, divergence: Divergence) -> Document:
    return {
        "index": divergence.index,
        "kind": divergence.kind.value,
        "lastIndex": divergence.last_index,
        "shift": divergence.shift or None,
        "sides": [_side(cluster, divergence.index, side) for side in divergence.sides],
    }


def _side(cluster: Cluster, index: int, side: Side) -> Document:
    node = longest(cluster, side)
    tail, wrote = entry_range(node, index), range_writes(node, index)
    return {
        "nodes": list(side.nodes),
        "term": side.term,
        "lastIndex": side.last,
        "committed": cluster.is_committed(side, index),
        "holds": range_words(tail),
        "pages": {one.database: one.pages for one in tail.pages},
        "written": written(wrote),
    }


def build_commit_index(_: Context, cluster: Cluster) -> Document | None:
    """The bounds of what is committed."""
    commit = cluster.commit
    if commit is None:
        return None
    return {
        "atLeast": commit.at_least,
        "atMost": commit.at_most,
        "why": commit_words(commit),
        "unknown": undecided_words(commit.undecided) if commit.undecided else None,
        "histories": [
            {"node": name, "atLeast": proof.index, "why": proof_words(proof)}
            for name, proof in sorted(commit.proofs.items())
        ],
        "never": [
            {"node": name, "from": never.index, "why": never_words(never)}
            for name, never in sorted(commit.never.items())
        ],
    }


def build_copies(_: Context, cluster: Cluster) -> list[Document]:
    """Directories that carry another's ID."""
    return [{"node": copy.node, "of": copy.of, "kind": copy.kind.value} for copy in cluster.copies]


def build_member_matrix(_: Context, cluster: Cluster) -> Document:
    """One row a member, one column a source; a cell is what the source says, or null where it does not name it."""
    matrix = member_matrix(cluster)
    return {
        "sources": [
            {
                "kind": source.kind,
                "title": source.title,
                "nodes": list(source.nodes),
                "index": source.index,
                "at": [span(at) for at in source.at],
            }
            for source in matrix.sources
        ],
        "members": [
            {
                "id": id_text(row.id),
                "address": row.address,
                "node": row.node,
                "cells": [None if cell is None else _claim(cell) for cell in row.cells],
            }
            for row in matrix.rows
        ],
    }


def _claim(claim: Claim) -> Document:
    return {"id": id_text(claim.id), "address": claim.address, "role": claim.role, "name": claim.name}


def build_timeline(_: Context, cluster: Cluster) -> Document:
    """Raft's own order, and apart from it what files date."""
    return {
        "terms": [
            {
                "term": band.term,
                "firstIndex": band.first,
                "lastIndex": band.last,
                "leader": id_text(band.leader),
                "how": None if band.known_by is LeaderKnownBy.UNKNOWN else leader_words(band),
            }
            for band in term_bands(cluster)
        ],
        "restarts": [
            {"node": run.node, "firstIndex": run.first, "lastIndex": run.last, "segments": run.segments}
            for node in cluster.nodes
            for run in restarts(node)
        ],
        "files": [
            {"time": iso_time(moment.time), "node": moment.node, "what": moment_words(moment), "path": moment.path}
            for moment in moments(cluster)
        ],
        "boots": [{"node": node.name, "time": iso_time(time)} for node in cluster.nodes for time in boots(node)],
    }
