"""JRN068: a text, or lines of one, of a product that carries no dqlite."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.wording import Words, count, sentences


@dataclass(frozen=True, slots=True)
class OtherProduct:
    """A text that is of another product.

    Attributes:
        product: its name.
        file: the text.
    """

    kind: ClassVar[str] = "other-product"
    product: str
    file: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"this text is of {self.product}, which does not use dqlite",
            sentences("Nothing else was concluded from it."),
        )


@dataclass(frozen=True, slots=True)
class OtherProductsLines:
    """Lines of another product in a text that is not of it alone.

    Attributes:
        product: its name.
        lines: how many its programs wrote.
        file: the text.
    """

    kind: ClassVar[str] = "other-products-lines"
    product: str
    lines: int
    file: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{count(self.lines, 'line')} of this text {'is' if self.lines == 1 else 'are'} of {self.product}, "
            "which does not use dqlite",
            sentences("Nothing was concluded from them."),
            "",
        )


@rule(
    "JRN068",
    "the text, or a part of it, is of a product without dqlite",
    Severity.INFO,
    fault=FaultKind.COPY,
    scope=Case,
    effect=Effect.NONE,
    fires_on=("journal/other-product", "journal/other-products-lines"),
    silent_on=("journal/everyday",),
)
def other_product(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Texts that name another database with a consensus of its own (etcd, rqlite, Consul, and others), and nothing that
    carries dqlite. In a text that somebody pasted, and that is of dqlite as well, the lines that programs of such a
    product wrote, by the name or the form at their beginning.
    ## Why it matters
    They use the same words: leader, quorum, snapshot, raft. What holds for dqlite does not hold for them.
    ## False alarm if
    The text is of a product on dqlite, and only happens to name the other one: then it lacks every word of its own.
    ## What to do
    Ask for the journal of the service that carries dqlite, if there is one on that machine.
    ## References
    docs/reference/products.md#other-products
    """
    texts = [journal for host in case.hosts for journal in host.journals_of_others]
    if not texts and not any(host.journals for host in case.hosts):
        yield NotChecked("no journal in the input", "no-journal")
    for journal in (journal for host in case.hosts if host.by_hand for journal in host.journals):
        for product, (number, first) in journal.others.items():
            problem = OtherProductsLines(product, number, journal.path)
            yield Finding(problem, (first,), where=(journal.path, product))
    for journal in texts:
        yield Finding(
            OtherProduct(journal.of_another or "", journal.path), (Span(journal.path, 0, 0),), where=(journal.path,)
        )
