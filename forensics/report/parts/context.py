"""What every builder of a part is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from forensics.case.answer import DatabaseAnswer, SeenBefore
from forensics.evidence import Blob
from forensics.facts.cluster.claimed import claimed_by
from forensics.facts.cluster.cluster import Case, Cluster
from forensics.ingest.files import Refusal
from forensics.report import document as doc
from forensics.report.ignore import Ignore
from forensics.report.parts.seen_before import seen_before
from forensics.report.stored import StoredReport
from forensics.rules.engine import Judgement


def _nobody(_: Cluster, __: DatabaseAnswer) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Context:
    """One run, as the report sees it.

    Attributes:
        case: the facts.
        judgements: what the rules said.
        inputs: one `{name, sha256, size, kind}` an input.
        digests: SHA-256 by member path, of every member that was used.
        refusals: what was not taken.
        blobs: content by member path, for excerpts; never shown but through parts/excerpt.py and parts/texts.py,
            which know what may be a secret.
        ignores: findings that somebody accepted: they leave the case, too.
        before: an earlier report that was given along.
        repairable: the nodes of a database that `repair` writes a directory for.
    """

    case: Case
    judgements: list[Judgement]
    inputs: Sequence[doc.Input] = ()
    digests: Mapping[str, str] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    blobs: Mapping[str, Blob] = field(default_factory=dict)
    ignores: Sequence[Ignore] = ()
    before: StoredReport | None = None
    repairable: Callable[[Cluster, DatabaseAnswer], tuple[str, ...]] = _nobody

    def seen(self, cluster: Cluster) -> Mapping[str, SeenBefore]:
        """Members of which the earlier report saw more, by name, or by address where nothing of them arrived."""
        return {one.name: one for one in seen_before(cluster, self.before)}

    def taken(self, cluster: Cluster) -> Mapping[str, str]:
        """Addresses of members at which a directory of another cluster arrived → its name."""
        found = (one for other in self.case.like(cluster) for one in claimed_by(cluster, other))
        return {one.node.address: one.node.name for one in found if one.node.address is not None}
