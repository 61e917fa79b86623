"""What a recovery left, as values and words: shared by the rules that find it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.facts.node.recovery_tarball import Tarball
from forensics.facts.start.recovery_refusal import Refusal, Refused
from forensics.ingest.state_directory import StateFile
from forensics.rules.api import Severity
from forensics.wording import Words, listed, sentences


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the log in a copy of the state goes, against the node's own.

    Attributes:
        copy: the last index in the copy, by its file names; None where they do not tell.
        own: the last index of this node's own log; None where not known.
    """

    copy: int | None = None
    own: int | None = None

    def words(self, what: str) -> str:
        """One sentence about `what` (`the tarball`), or nothing."""
        if self.copy is None:
            return ""
        own = f"; this node's own log ends at {self.own}" if self.own is not None else ""
        return f"By its file names, {what} ends at index {self.copy}{own}."


def reach_of(node: Node, tarball: Tarball | None) -> Reach:
    """Of a tarball; nothing is known of one that could not be looked into."""
    return Reach() if tarball is None else Reach(tarball.last_index, node.last_index)


@dataclass(frozen=True, slots=True)
class PendingPatch:
    """A file of SQL that the next start runs.

    Attributes:
        file: its name.
        runs_against: what it changes, as the product calls it.
    """

    kind: ClassVar[str] = "pending-patch"
    file: str
    runs_against: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"the next start runs the SQL in {self.file} on {self.runs_against}",
            steps="Read the SQL before the node is started. If nobody wants it, move the file away.",
        )


@dataclass(frozen=True, slots=True)
class RecoveryBackup:
    """A backup that a recovery made.

    Attributes:
        file: its name.
    """

    kind: ClassVar[str] = "recovery-backup"
    file: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{self.file} is a backup that a recovery made",
            ("It contains a whole older database.",),
            "Keep it until the cluster is well.",
        )


@dataclass(frozen=True, slots=True)
class InterruptedRecovery:
    """A folder into which a recovery unpacked its tarball, and which it should have removed.

    Attributes:
        folder: its name.
    """

    kind: ClassVar[str] = "interrupted-recovery"
    folder: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"the folder {self.folder} of an earlier recovery was not removed",
            ("That recovery was refused or interrupted. The next one unpacks over these files, and mixes them in.",),
            f"Move {self.folder} away before the next recovery, and keep it.",
        )


@dataclass(frozen=True, slots=True)
class ReplacesDatabase:
    """A recovery tarball that the next start loads.

    Attributes:
        file: its name.
        reach: how far its log goes.
    """

    kind: ClassVar[str] = "replaces-database"
    file: str
    reach: Reach

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"the next start replaces the database with {self.file}", sentences(self.reach.words("the tarball"))
        )


_REFUSED = {
    Refusal.NOT_AN_ARCHIVE: "It is not a gzip-compressed tar archive.",
    Refusal.BROKEN: "It cannot be unpacked whole ({names}).",
    Refusal.CUT: "It ends inside one of its files.",
    Refusal.UNSAFE_NAME: "A file name in it contains `..`.",
    Refusal.NO_MEMBER_LIST: "It has no {names} that can be read.",
    Refusal.NOT_A_MEMBER: "Its recovery.yaml has no member with this node's id {names}.",
    Refusal.MEMBERS_MISSING: "Its raft_nodes.yaml lacks {names}, which local.db lists.",
    Refusal.NOT_TRUSTED: "The truststore has no certificate for {names}.",
    Refusal.NO_DATABASE: "It contains no database.",
    Refusal.PATCH_BESIDE: "{names} lies beside it.",
}


@dataclass(frozen=True, slots=True)
class StopsStart:
    """A recovery tarball at which the next start stops.

    Attributes:
        file: its name.
        reason: why.
        names: what the reason is about: members, an id, a file, a code of the archive's reader; empty where nothing.
    """

    kind: ClassVar[str] = "stops-start"
    file: str
    reason: Refusal
    names: tuple[str, ...] = ()

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"{self.file} stops the next start", (_REFUSED[self.reason].format(names=listed(self.names)),))


def stops_start(file: StateFile, refused: Refused) -> StopsStart:
    """The refusal of that tarball, to be told."""
    return StopsStart(file.name, refused.reason, refused.names)


def folder(node: Node, name: str) -> StateFile | None:
    """What shows that a folder of that name lies beside the database: its own entry, or a file in it."""
    inside = [
        file for copy in node.state.second_copies if copy.path.endswith(f"/{name}") for file in copy.files.values()
    ]
    return node.state.file(name) or next(iter(inside), None)
