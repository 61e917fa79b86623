"""A line → what went wrong, at which operation, with whom."""

from __future__ import annotations

import re
from dataclasses import dataclass

from forensics.parsers.errors.chain import Chain, chain_of
from forensics.parsers.errors.grammar import kind_of
from forensics.parsers.errors.kind import OF_A_CLUSTER, STATES, VAGUE, WITHOUT_CAUSE, Kind
from forensics.parsers.errors.place import Operation, file_of, function_of, operation_of, peer_of
from forensics.parsers.errors.record import Level, Record
from forensics.parsers.errors.wrapper import only_wraps

# A wait for these that ends without them says that they were not there.
_AWAITED = {
    (Kind.DEADLINE, Operation.FIND_LEADER): Kind.NO_LEADER,
    (Kind.DEADLINE, Operation.DIAL): Kind.UNREACHABLE,
    (Kind.DEADLINE, Operation.LOOK_UP): Kind.NAME_UNKNOWN,
}
_TEXT_CHARS = 160  # of an unknown error; the whole line stands in the evidence
_TELLS_NOTHING = (VAGUE - {Kind.ENDED}) | WITHOUT_CAUSE
TRACEBACK = "Traceback (most recent call last)"
"""With it Python begins the list of callers; the exception stands behind the list, so a cut text lacks it."""
_DURATION = re.compile(r"\b(?:(?P<minutes>\d{1,6})m)?(?P<seconds>\d{1,6}(?:\.\d{1,12})?)s\b")
_COMPLAINT = re.compile(
    r"(?i)\b(?:error|fail\w*|cannot|can't|could ?n[o']t|unable|refus\w*|denied|invalid|fatal|panic|abort\w*|crash\w*|"
    r"corrupt\w*|mismatch|timed? ?out|unexpected|no such|not found|assert\w*|exceeded|lost"
    r"|sig(?:segv|abrt|bus|ill|fpe|kill|quit|trap|sys)"
    r"|missing|killed|unsuccessful|goroutine|signal handler|slow sql|not match|not start|reset by peer|broken pipe)\b"
)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What one line says went wrong.

    Attributes:
        kind: of the innermost link that tells one.
        operation: what was being done; None where no wrapper tells.
        peer, file, function: who or what is named; None where nothing is.
        said: the link that tells the kind, or of an unknown one the innermost.
    """

    kind: Kind
    operation: Operation | None
    peer: str | None
    file: str | None
    function: str | None
    said: str

    def named(self) -> dict[str, str | int]:
        """What a journal's line names: see JournalLine."""
        said = {
            "operation": self.operation.value if self.operation else None,
            "peer": self.peer,
            "file": self.file,
            "function": self.function,
            "text": _same_text(self.said) if self.kind in WITHOUT_CAUSE else None,
            "seconds": _seconds(self.said) if self.kind is Kind.SLOW else None,
        }
        return {name: value for name, value in said.items() if value}


def code_of(kind: Kind) -> str:
    """The code of a journal's line of such a kind: `error-disk-full`."""
    return f"error-{kind.value}"


def diagnose(record: Record, text: str, *, asked: bool = True) -> Diagnosis | None:
    """None where a line complains of nothing.

    Args:
        record: the line, taken apart.
        text: the line.
        asked: somebody pasted it, and asks about it: then its warnings count as well.
    """
    if record.level is Level.DEBUG:
        return None
    if TRACEBACK in record.message:
        return Diagnosis(Kind.CUT, None, None, None, None, TRACEBACK)
    chain = chain_of(record.message)
    if not chain.links:
        return None
    place, kind = _innermost(chain)
    if not (complains(record) or _complains_by(kind, record.level, asked=asked)):
        return None
    operation = operation_of(chain.links[: place + 1])
    kind = _AWAITED.get((kind, operation), kind) if operation else kind
    return Diagnosis(
        kind,
        operation,
        peer_of(chain.links),
        file_of(chain.links),
        function_of(text) if kind is Kind.ASSERTION else None,
        chain.links[place],
    )


def complains(record: Record) -> bool:
    """By its level, or where it has none by its words."""
    if record.level is not None:
        return record.level in (Level.ERROR, Level.FATAL)
    return bool(_COMPLAINT.search(record.message))


def _complains_by(kind: Kind, level: Level | None, *, asked: bool) -> bool:
    """A line without a level whose kind is known; a warning that is asked about, or that only a cluster can say."""
    if level is Level.INFO:
        return kind in STATES
    return kind not in _TELLS_NOTHING and (level is None or asked or kind in OF_A_CLUSTER)


def _seconds(said: str) -> int | None:
    """How long it took, as the last duration of a link says; rounded."""
    told = [float(found["seconds"]) + 60 * float(found["minutes"] or 0) for found in _DURATION.finditer(said)]
    return round(told[-1]) if told else None


def _same_text(said: str) -> str:
    """Numbers taken out, so that repetitions are told as one."""
    return re.sub(r"\d+", "N", said)[:_TEXT_CHARS]


def _innermost(chain: Chain) -> tuple[int, Kind]:
    """The place of the innermost link that tells a kind, and the kind; of vague ones, a better one outside is taken."""
    found = [(place, kind) for place, link in enumerate(chain.links) if (kind := kind_of(link))]
    last = len(chain.links) - 1
    if not found:
        return last, _without_kind(chain)
    place, kind = found[-1]
    if kind in VAGUE:
        place, kind = next((one for one in reversed(found) if one[1] not in VAGUE), (place, kind))
    return place, kind


def _without_kind(chain: Chain) -> Kind:
    """Of a chain whose links tell none."""
    if chain.cut:
        return Kind.CUT
    return Kind.NO_REASON if only_wraps(chain.links[-1]) else Kind.UNKNOWN
