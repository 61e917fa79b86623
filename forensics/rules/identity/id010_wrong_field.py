"""ID010: an ID or an address that cannot be one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from forensics.evidence import Parsed
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.parsers.member_record import MemberList, MemberRecord
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.numbers_of_text import is_text
from forensics.wording import Words, sentences


class Trouble(Enum):
    """What is wrong with a member's ID or address."""

    ID_NO_NUMBER = "id-no-number"
    ADDRESS_NUMBER = "address-number"
    EXCHANGED = "exchanged"  # both: each stands in the other's place
    ID_TEXT = "id-text"  # its eight bytes are letters, digits or marks


_CLAUSES = {
    Trouble.ID_NO_NUMBER: "has an ID that is no number",
    Trouble.ADDRESS_NUMBER: "has a number without a port as its address",
    Trouble.EXCHANGED: "has its ID and its address in each other's place",
    Trouble.ID_TEXT: "has an ID whose eight bytes read as text",
}
_REFUSED = "go-dqlite cannot read such a file, and does not start."
_CHANCE = "An ID is drawn at random: about one in three thousand reads so by chance. Else text was read as a number."
_WEIGHTS: dict[Trouble, Severity | None] = {
    Trouble.ID_NO_NUMBER: None,
    Trouble.EXCHANGED: None,
    Trouble.ADDRESS_NUMBER: Severity.MEDIUM,
    Trouble.ID_TEXT: Severity.LOW,
}
_STEPS = {
    Trouble.ADDRESS_NUMBER: "Take the address from the raft configuration, or from the file of another node.",
    Trouble.ID_TEXT: "Compare the ID with the raft configuration, and with the file of another node.",
}


@dataclass(frozen=True, slots=True)
class WrongField:
    """A member of a file whose ID or address cannot be one.

    Attributes:
        file: its name.
        place: which member of it, from 1 on.
        trouble: what is wrong.
    """

    kind: ClassVar[str] = "wrong-field"
    file: str
    place: int
    trouble: Trouble

    def words(self, _: Severity) -> Words:
        """See Problem."""
        why = {Trouble.ID_NO_NUMBER: _REFUSED, Trouble.EXCHANGED: _REFUSED, Trouble.ID_TEXT: _CHANCE}
        return Words(
            f"member {self.place} of {self.file} {_CLAUSES[self.trouble]}",
            sentences(why.get(self.trouble, "")),
            _STEPS.get(self.trouble),
        )


@rule(
    "ID010",
    "member whose ID or address cannot be one",
    Severity.HIGH,
    fault=FaultKind.IDENTITY_FILES,
    scope=Node,
    fires_on=("identity/id-is-address", "identity/id-is-text"),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def wrong_field(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Each ID of info.yaml and cluster.yaml is a number of 64 bits, and does not read as text; no address is a number
    alone. A field that a paste cut off is unknown, and nothing is said of it.
    ## Why it matters
    Nothing in dqlite writes such a file: somebody edited it, or something else was written over it. go-dqlite refuses
    a file whose ID is no number.
    ## False alarm if
    An ID reads as text by chance: that is rare, and the raft configuration shows it.
    ## What to do
    Take ID and address from the raft configuration, or from the file of another node of the same cluster.
    ## References
    docs/reference/go-dqlite.md#what-the-files-mean
    """
    if node.info is None and node.cluster is None:
        yield NotChecked("neither info.yaml nor cluster.yaml arrived", "no-yaml")
    info = node.info.value if node.info else None
    yield from _judge("info.yaml", (info,) if info else ())
    yield from _judge("cluster.yaml", _members(node.cluster))


def _members(parsed: Parsed[MemberList] | None) -> tuple[MemberRecord, ...]:
    return parsed.value.members if parsed and parsed.value else ()


def _judge(file: str, records: tuple[MemberRecord, ...]) -> Iterator[Finding]:
    for place, record in enumerate(records, 1):
        trouble = _trouble(record)
        if trouble:
            effect = Effect.ATTENTION if trouble is Trouble.ID_TEXT else None
            problem = WrongField(file, place, trouble)
            yield Finding(problem, (record.at,), _WEIGHTS[trouble], effect=effect, where=(file, place))


def _trouble(record: MemberRecord) -> Trouble | None:
    number = bool(record.address) and (record.address or "").isdigit()
    if record.id_no_number and number:
        return Trouble.EXCHANGED
    if record.id_no_number:
        return Trouble.ID_NO_NUMBER
    if number:
        return Trouble.ADDRESS_NUMBER
    return Trouble.ID_TEXT if is_text(record.id or 0) else None
