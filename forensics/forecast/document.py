"""The forecast as `forecast --format json` and report.json carry it (CONTRACT, "forecast --format json")."""

from __future__ import annotations

from typing import Any

from forensics.forecast.digest import entries_digest
from forensics.forecast.files import Change
from forensics.forecast.losses import Loss
from forensics.forecast.model import Forecast
from forensics.forecast.proposals import Proposal
from forensics.forecast.result import NodeForecast
from forensics.forecast.snapshot import Snapshot
from forensics.forecast.words import (
    accident_words,
    assumption_words,
    choice_words,
    loss_words,
    proposal_sentence,
    renumbered_words,
    sentence,
    undefined_words,
)


def document(of: NodeForecast) -> dict[str, Any]:
    """One node's object. Keys beyond the contract's are additions: words, the version's reason, what was assumed."""
    said = of.said
    return {
        "node": of.node,
        "dqliteVersion": of.choice.library.name,
        "outcome": said.outcome,
        "stage": said.stage,
        "code": None if said.code is None else int(said.code),
        "message": said.message,
        **_loaded(said),
        "changes": [_change(change) for change in said.changes],
        "lost": [_loss(loss) for loss in said.lost],
        "proposals": [_proposal(one) for one in of.proposals],
        "words": sentence(said),
        "why": accident_words(said.accident) if said.accident else None,
        "accident": said.accident.kind if said.accident else None,
        "culprits": list(said.culprits),
        "shifted": [renumbered_words(one) for one in said.renumbered],
        "renumbered": [{"file": one.file, "cut": one.cut} for one in said.renumbered],
        "bootstrap": [_change(change) for change in said.bootstrap.changes] if said.bootstrap else None,
        "applied": said.started.applied if said.started else None,
        "assumed": [assumption_words(one) for one in said.assumed],
        "undefined": undefined_words(said.undefined) if said.undefined else None,
        "assumedRemoved": list(of.removed),
        "library": str(of.choice.library),
        "librarySign": of.choice.sign,
        "libraryReason": choice_words(of.choice),
        "libraryBasis": of.choice.library.basis,
    }


def _loaded(said: Forecast) -> dict[str, Any]:
    keys = ("term", "votedFor", "startIndex", "entries", "lastIndex", "lastTerm", "entriesDigest", "snapshot")
    if said.loaded is None or said.metadata is None:
        return dict.fromkeys(keys)
    log, snapshot = said.loaded.log, said.loaded.snapshot
    return {
        "term": said.metadata.term,
        "votedFor": str(said.metadata.voted_for),
        "startIndex": log.start,
        "entries": len(log),
        "lastIndex": log.last,
        "lastTerm": log.last_term,
        "entriesDigest": entries_digest(log),
        "snapshot": _snapshot(snapshot) if snapshot else None,
    }


def _snapshot(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "term": snapshot.term,
        "index": snapshot.index,
        "configurationIndex": snapshot.configuration_index,
    }


def _change(change: Change) -> dict[str, Any]:
    return {"action": change.action, "path": change.path, "to": change.to, "size": change.size}


def _loss(loss: Loss) -> dict[str, Any]:
    return {
        "firstIndex": loss.first,
        "lastIndex": loss.last,
        "cause": loss.cause,
        "file": loss.file,
        "torn": loss.torn,
        "reason": loss_words(loss),
    }


def _proposal(one: Proposal) -> dict[str, Any]:
    return {
        "moveAside": list(one.files),
        "lost": [_loss(loss) for loss in one.lost],
        "lastIndex": one.after.loaded.log.last if one.after.loaded else None,
        "entries": len(one.after.loaded.log) if one.after.loaded else None,
        "words": proposal_sentence(one),
    }
