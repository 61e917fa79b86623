"""The ledger of every raft file: decoded, padding, unexplained."""

from __future__ import annotations

from forensics.facts.log.coverage import ledger
from forensics.report import document as doc
from forensics.report.parts.context import Context


def build_coverage(context: Context) -> tuple[doc.Coverage, ...]:
    """One row a file, by path; the three add up to its size."""
    rows = {account.path: account for node in context.case.nodes() for account in ledger(node)}
    return tuple(
        doc.Coverage(
            path=path,
            size=rows[path].size,
            decoded=rows[path].covered.decoded,
            padding=rows[path].covered.padding,
            unexplained=rows[path].covered.unexplained,
        )
        for path in sorted(rows)
    )
