"""A node's forecast: docs/reference/report.md#forecast."""

from __future__ import annotations

from forensics.facts.node.node import Node
from forensics.forecast.digest import entries_digest
from forensics.forecast.files import Change
from forensics.forecast.losses import Loss
from forensics.forecast.model import Forecast
from forensics.forecast.proposals import Proposal
from forensics.forecast.result import NodeForecast, NoForecast
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
from forensics.report import document as doc


def build_forecast(node: Node) -> doc.Forecast | None:
    """What dqlite would do if the node were started now; null where the evidence does not suffice for a forecast."""
    made = node.forecast
    return None if isinstance(made, NoForecast) else encode_forecast(made)


def encode_forecast(of: NodeForecast) -> doc.Forecast:
    """One node's, as `forecast --format json` and the report have it."""
    said = of.said
    metadata, loaded = (said.metadata, said.loaded) if said.loaded and said.metadata else (None, None)
    return doc.Forecast(
        node=of.node,
        dqlite_version=of.choice.library.name,
        outcome=said.outcome,
        stage=said.stage,
        code=None if said.code is None else int(said.code),
        message=said.shown,
        term=metadata.term if metadata else None,
        voted_for=str(metadata.voted_for) if metadata else None,
        start_index=loaded.log.start if loaded else None,
        entries=len(loaded.log) if loaded else None,
        last_index=loaded.log.last if loaded else None,
        last_term=loaded.log.last_term if loaded else None,
        entries_digest=entries_digest(loaded.log) if loaded else None,
        snapshot=_snapshot(said),
        changes=tuple(_change(change) for change in said.changes),
        lost=tuple(_loss(loss) for loss in said.lost),
        proposals=tuple(_proposal(one) for one in of.proposals),
        words=sentence(said),
        why=accident_words(said.accident) if said.accident else None,
        accident=said.accident.kind if said.accident else None,
        culprits=tuple(said.culprits),
        shifted=tuple(renumbered_words(one) for one in said.renumbered),
        renumbered=tuple(doc.Renumbered(file=one.file, cut=one.cut) for one in said.renumbered),
        bootstrap=tuple(_change(change) for change in said.bootstrap.changes) if said.bootstrap else None,
        applied=said.started.applied if said.started else None,
        assumed=tuple(assumption_words(one) for one in said.assumed),
        undefined=undefined_words(said.undefined) if said.undefined else None,
        assumed_removed=tuple(of.removed),
        library=str(of.choice.library),
        library_sign=of.choice.sign,
        library_reason=choice_words(of.choice),
        library_basis=of.choice.library.basis,
    )


def _snapshot(said: Forecast) -> doc.LoadedSnapshot | None:
    snapshot = said.loaded.snapshot if said.loaded and said.metadata else None
    if snapshot is None:
        return None
    return doc.LoadedSnapshot(
        term=snapshot.term, index=snapshot.index, configuration_index=snapshot.configuration_index
    )


def _change(change: Change) -> doc.Change:
    return doc.Change(action=doc.Action(change.action), path=change.path, to=change.to, size=change.size)


def _loss(loss: Loss) -> doc.Lost:
    return doc.Lost(
        first_index=loss.first,
        last_index=loss.last,
        cause=loss.cause,
        file=loss.file,
        torn=loss.torn,
        reason=loss_words(loss),
    )


def _proposal(one: Proposal) -> doc.Proposal:
    loaded = one.after.loaded
    return doc.Proposal(
        move_aside=tuple(one.files),
        lost=tuple(_loss(loss) for loss in one.lost),
        last_index=loaded.log.last if loaded else None,
        entries=len(loaded.log) if loaded else None,
        words=proposal_sentence(one),
    )
