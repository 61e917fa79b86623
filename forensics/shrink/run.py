"""An input → the least of it that still shows its findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forensics.check.tree import RECORDED, File, Tree
from forensics.errors import UsageError
from forensics.facts.intake import Evidence
from forensics.ingest.files import InputFile, Kind
from forensics.limits import SHRINK_SECONDS_MAX
from forensics.report.document import Document, Finding
from forensics.report.gate import exit_code
from forensics.shrink.judge import Judge, chosen, size_of
from forensics.shrink.steps import shrunk


@dataclass(frozen=True, slots=True)
class Shrunk:
    """What is left of an input.

    Attributes:
        tree: the files.
        how: how they are packed.
        findings: that were asked for, worst first.
        first: the first of them is the report's first.
        exit_code: of `analyze`.
        incomplete: as in the report of what is left.
        before, after: bytes of all files.
        runs: how many inputs were judged.
        whole: nothing more can be taken away; else the time was over.
    """

    tree: Tree
    how: str
    findings: tuple[Finding, ...]
    first: bool
    exit_code: int
    incomplete: bool
    before: int
    after: int
    runs: int
    whole: bool


def shrink(evidence: Evidence, asked: Sequence[str] = (), seconds: float = SHRINK_SECONDS_MAX) -> Shrunk:
    """Take away whatever the findings do not need. Raises UsageError where the input does not show them."""
    how = "text" if evidence.sources[0].kind == "text" and len(evidence.files) == 1 else "tar"
    tree = _tree(evidence)
    judge = Judge(how, seconds)
    document = judge.document(tree)
    wanted = chosen(document.findings if document else (), asked)
    if document is None or not wanted:
        raise UsageError("the input shows none of these findings" if asked else "the input has no findings")
    judge.want(wanted)
    told = sorted({span.path for finding in wanted for span in finding.evidence})
    small = shrunk(tree, judge, told)
    left = judge.held or document  # what is left is what held last
    there = {finding.key: finding for finding in left.findings}  # the same, in the order of nodes that is left
    return Shrunk(
        small,
        how,
        tuple(there.get(finding.key, finding) for finding in wanted),
        _is_first(wanted, left),
        exit_code(left),
        left.incomplete,
        size_of(tree),
        size_of(small),
        judge.runs,
        not judge.is_over,
    )


def _is_first(wanted: Sequence[Finding], document: Document) -> bool:
    return bool(document.findings) and document.findings[0].key == wanted[0].key


def _tree(evidence: Evidence) -> Tree:
    """The files in memory. An input that is itself a state directory gets its own name as a folder's."""
    held = {file.path: file for file in evidence.files if file.kind in (Kind.FILE, Kind.LINK)}
    name = evidence.sources[0].name.partition(".tar")[0]
    bare = any("/" not in path for path in held) and evidence.sources[0].kind != "text"
    return {f"{name}/{path}" if bare else path: _file(file) for path, file in held.items()}


def _file(file: InputFile) -> File:
    content = file.blob.read() if file.blob is not None else bytes(min(file.size, 1 << 20))
    mtime = RECORDED if file.mtime is None else int(file.mtime)
    return File(content, 0o600 if file.mode is None else file.mode & 0o7777, mtime, file.target or "")
