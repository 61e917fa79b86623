"""What tells that a complaint of a log is over: a later line of the same service, in so many words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from forensics.facts.cluster.cluster import Case
from forensics.facts.machine.host import Host
from forensics.facts.machine.log_lines import line_time
from forensics.facts.node.node import Node
from forensics.parsers.journal_line import JournalLine
from forensics.parsers.messages.good import JOINED, LEADER_FOUND, SERVICE_READY


class Since(Enum):
    """What happened behind the newest line, so that it is over."""

    FILES_WRITTEN = "files-written"
    SERVICE_WENT_ON = "service-went-on"
    SERVICE_READY = "service-ready"
    LEADER_FOUND = "leader-found"
    MEMBER_ANSWERED = "member-answered"
    JOINED = "joined"


@dataclass(frozen=True, slots=True)
class Ending:
    """Which lines end a complaint, however few seconds lie between.

    Attributes:
        codes: the messages that do, and what each shows.
        same_member: only where they name the member that the complaint names.
    """

    codes: Mapping[str, Since]
    same_member: bool = False

    def fits(self, complaint: JournalLine, line: JournalLine) -> bool:
        """The line is such a message, about the same."""
        if line.code not in self.codes:
            return False
        member = line.named.get("member")
        return not self.same_member or (member is not None and member == complaint.named.get("member"))

    def or_a_leader(self) -> Ending:
        """The same, and what shows that there is a leader."""
        return A_LEADER if self.same_member else Ending({**self.codes, **A_LEADER.codes})


NOTHING_ENDS = Ending(MappingProxyType({}))
# A service is up when it has a leader and its database is open: whatever kept it from starting is over, too.
A_START = Ending({SERVICE_READY: Since.SERVICE_READY})
A_JOIN = Ending({SERVICE_READY: Since.SERVICE_READY, JOINED: Since.JOINED})
A_LEADER = Ending({SERVICE_READY: Since.SERVICE_READY, LEADER_FOUND: Since.LEADER_FOUND})
# A member that says that it knows no leader has answered.
AN_ANSWER = Ending({"no-leader": Since.MEMBER_ANSWERED, LEADER_FOUND: Since.MEMBER_ANSWERED}, same_member=True)


@dataclass(frozen=True, slots=True)
class Logged:
    """A line with the machine and the nodes that it is of."""

    line: JournalLine
    host: Host
    nodes: tuple[Node, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Of its nodes; else of its machine, where that has one."""
        name = self.host.name or self.line.host
        return tuple(dict.fromkeys(node.name for node in self.nodes)) or ((name,) if name else ())

    @property
    def where(self) -> tuple[str, ...]:
        """What tells lines of one message apart: every text that they name. Numbers are of the moment."""
        return tuple(value for _, value in sorted(self.line.named.items()) if isinstance(value, str))

    @property
    def time(self) -> float | None:
        """Seconds since 1970 UTC; None where that is not known."""
        return line_time(self.line.time, self.host.collected, self.host.utc_offset)


def ending_of(case: Case, complaint: Logged, ending: Ending) -> JournalLine | None:
    """The first line that shows that a complaint is over; None where none does."""
    host = complaint.host
    endings = (
        Logged(line, host, tuple(case.nodes_of_line(host, line)))
        for journal in host.journals
        for line in journal.lines
        if ending.fits(complaint.line, line)
    )
    later = (logged for logged in endings if _is_behind(logged, complaint))
    found = min(later, key=lambda logged: (logged.time or 0.0, logged.line.at), default=None)
    return found.line if found else None


def _is_behind(logged: Logged, complaint: Logged) -> bool:
    """The same service of the same machine said it afterwards: by the times, and by the place where these are equal."""
    line, other = logged.line, complaint.line
    if (line.unit, logged.names) != (other.unit, complaint.names):
        return False
    times = (logged.time, complaint.time)
    if times[0] is not None and times[1] is not None and times[0] != times[1]:
        return times[0] > times[1]
    return line.at.path == other.at.path and line.at.offset > other.at.offset
