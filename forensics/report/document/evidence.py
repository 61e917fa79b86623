"""What arrived, what was refused, what is missing, and how every byte is accounted for."""

from __future__ import annotations

from forensics.report.document.part import Count, GapKind, Part


class Input(Part):
    """One input of the command.

    Attributes:
        name: the name of the file or directory, without its path.
        sha256: of the file; of a directory that of the sorted lines `sha256  path` of its files. Empty for a file so
            short that its digest would give its content away.
        size: bytes.
        kind: `directory`, or the kind of the archive.
    """

    name: str
    sha256: str
    size: Count
    kind: str


class UsedFile(Part):
    """One file of a state directory, or around it, that was read.

    Attributes:
        path: in the input.
        size: bytes.
        sha256: of its content; null where the content did not arrive, or is so short that the digest would give away
            what the report does not show.
        role: what its name says that it is.
        node: whose it is.
        database: the node's.
        cut: less of it arrived than there was.
    """

    path: str
    size: Count
    sha256: str | None
    role: str
    node: str | None
    database: str | None = None
    cut: bool = False


class Refusal(Part):
    """Something that was not read.

    Attributes:
        path: in the input; `others` where it stands for more of its code.
        code: why, stable.
        detail: why, in words.
        harmless: nothing of a state directory can be missing by it.
    """

    path: str
    code: str
    detail: str
    harmless: bool


class Gap(Part):
    """One reason why the analysis is incomplete.

    Attributes:
        kind: `nothing` (no state directory, or an input in which nothing is known), `absent` (a member without
            evidence), `grade` (a node's evidence is not full), `refused` (a file that was not read and may matter),
            `broken` (an error of this program ended something), `earlier` (a member that arrived whole with an earlier
            upload, whose report was given along).
        database: of which database; null for the case.
        subject: whose evidence it is.
        detail: what is missing.
    """

    kind: GapKind
    database: str | None
    subject: str
    detail: str


class Line(Part):
    """One line of a text, secrets masked.

    Attributes:
        number: from 1; null where lines were not counted.
        text: the line.
    """

    number: Count | None
    text: str


class Text(Part):
    """A YAML file word for word, secrets masked.

    Attributes:
        path: in the input.
        node: whose it is.
        name: in the state directory.
        lines: its lines.
        cut: only its beginning is shown.
        database: the node's.
    """

    path: str
    node: str
    name: str
    lines: tuple[Line, ...]
    cut: bool
    database: str | None = None


class Coverage(Part):
    """The bytes of one raft file: the three add up to its size.

    Attributes:
        path: in the input.
        size: bytes.
        decoded: bytes with a meaning.
        padding: bytes that are zero by the format, or never written.
        unexplained: all others.
    """

    path: str
    size: Count
    decoded: Count
    padding: Count
    unexplained: Count


DISK = "disk"


class Collect(Part):
    """What to collect next: one entry a database and reason.

    Attributes:
        database: of which database.
        evidence: a node's `evidence`; `absent`; or `disk`: all arrived, and the disk may have been full.
        nodes: on which nodes: names, or addresses of members without evidence.
        cannot_tell: what could not be told of them.
        commands: to run on each of them; they only read.
        note: what to know before.
    """

    database: str
    evidence: str
    nodes: tuple[str, ...]
    cannot_tell: str
    commands: tuple[str, ...]
    note: str
