"""repair.txt: the ledger in words, from its data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from forensics.plan.steps.place import Run
from forensics.plan.words.place import place_words
from forensics.repair.ledger import Ledger, LedgerByte, LedgerFile, LedgerStep
from forensics.wording import count, entries, listed

_MADE = {
    "term": "term and vote: the term after every term that any file shows, and no vote",
    "snapshot": "the databases, rebuilt",
    "compressed": "the same databases, compressed: its version reads no other",
    "snapshot-alone": "the node as the only member: who the members were is in no file",
    "snapshot-meta": "the members at the snapshot's index, as the log has them",
    "configuration": "an entry that makes the node the only member",
    "members": "the node alone",
    "all-members": "the members of the newest configuration",
    "identity": "ID and address of the node",
}
_LEFT_OUT = {
    "moved-away": "the start refuses, or loses entries, while it is there",
    "made-anew": "what is sound of it is in the files above, or not of this history",
    "member": "it says that the node still has to join",
    "key": "a private key: copy it from the old directory",
    "no-file": "no file",
    "no-content": "its content did not arrive",
}


def ledger_words(ledger: Ledger) -> str:
    """All of it, line by line."""
    return "".join(f"{line}\n" for line in _lines(ledger))


def _lines(ledger: Ledger) -> Iterator[str]:
    yield f"The state directory of {ledger.node}, repaired"
    yield ""
    yield from _summary(ledger)
    yield ""
    yield "Files"
    for file in ledger.files:
        yield from (f"  {line}" for line in _file(file, ledger.node))
    yield from (f"  {one.name}: left out ({_LEFT_OUT[one.why]})" for one in ledger.left_out)
    yield ""
    yield "What to do"
    for number, step in enumerate(ledger.steps, 1):
        yield from _step(number, step)


def _summary(ledger: Ledger) -> Iterator[str]:
    kept = ledger.kept
    new = any(file.made == "configuration" for file in ledger.files)
    last = kept.last - 1 if new else kept.last
    parts = [entries(kept.first, last)] if kept.first <= last else []
    parts += [f"the snapshot of entry {kept.snapshot_index}"] if kept.snapshot_index is not None else []
    yield f"Kept: {', and '.join(parts) or 'nothing'}"
    if new:
        yield f"New: entry {kept.last}, which makes the node the only member"
    lost = listed([entries(one.first, one.last) for one in ledger.lost], None)
    yield f"Lost: {lost or 'nothing that any file shows'}"
    if ledger.id is None:
        yield f"Not known: the ID of {ledger.node}; a start needs an info.yaml that says it"
    from_others = sorted({part.node for file in ledger.files for part in file.taken} - {ledger.node})
    if from_others:
        yield f"Taken from others: {listed(from_others, None)}"
    for one in ledger.against:
        yield f"Decided against: {entries(one.first, one.last)} of {one.node}; the history of {ledger.history} goes on"
    for version in ledger.versions:
        yield f"With dqlite {version.dqlite_version}: {version.outcome}" + (
            f" ({version.message})" if version.message else ""
        )


def _file(file: LedgerFile, node: str) -> Iterator[str]:
    if file.made is None:
        done = count(len(file.changes), "byte") + " set back" if file.changes else "copied"
        old = (file.origin or "").rpartition("/")[2]
        yield f"{file.name}: {done}{'' if old == file.name else f', renamed: it was {old}'}"
        yield from _bytes(file.changes)
        return
    yield f"{file.name}: made anew{f' ({_MADE[file.made]})' if file.made in _MADE else ''}"
    for part in file.taken:
        yield f"  {entries(part.first, part.last)}: {part.origin}{'' if part.node == node else f' of {part.node}'}"
        yield from _bytes(part.changes)


def _bytes(changes: Sequence[LedgerByte]) -> Iterator[str]:
    for one in changes:
        odds = f"; other damage looks like this once in {one.odds} cases" if one.odds else ""
        yield f"  byte {one.offset} was 0x{one.old:02x}, is 0x{one.new:02x}{odds}"


def _step(number: int, step: LedgerStep) -> Iterator[str]:
    yield f"{number}. {step.do}"
    for one in step.commands:
        yield f"   {place_words(Run(one.place, tuple(one.commands), tuple(one.nodes)))}:"
        yield from (f"     {command}" for command in one.commands)
    yield f"   Expect: {step.expect}"
    yield f"   Stop where: {step.stop}"
