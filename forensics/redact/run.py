"""Inputs → copies without names, addresses, keys, values and certificates: read once to learn them, then once to copy.

The first reading is the same walk as the second, with texts that only remember: what is replaced is exactly what was
seen. Only then the pseudonyms are chosen (names.py says why).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from forensics.errors import UsageError
from forensics.facts.intake import Evidence
from forensics.ingest.archive import archive_kind, read_archive
from forensics.ingest.collectors import COLLECTORS, recognise
from forensics.ingest.files import InputFile, Kind
from forensics.ingest.roles import FileRole, role_of
from forensics.ingest.spool import Spool
from forensics.limits import REDACTED_FILE_BYTES_MAX
from forensics.redact.files import Cleaner
from forensics.redact.keyed import Key
from forensics.redact.packing import Copied, packed
from forensics.redact.paths import cleaned_path
from forensics.redact.policy import Policy
from forensics.redact.texts import Texts

POLICY = Policy()  # nothing was said
_BACKUPS = frozenset({FileRole.RECOVERY, FileRole.BACKUP})
_INNER = "!/"  # between an archive and a file of it


@dataclass(frozen=True, slots=True)
class Copy:
    """One input's copy.

    Attributes:
        name: of its file or directory.
        kind: as of the input: `directory`, `tar.xz`, `text`, ….
        files: of a directory.
        content: of a file.
        left_out: paths, as they would be in the copy, of what it does not have.
    """

    name: str
    kind: str
    files: tuple[Copied, ...]
    content: bytes
    left_out: tuple[str, ...]


def redacted(inputs: Sequence[Evidence], key: Key, policy: Policy = POLICY) -> tuple[list[Copy], Texts]:
    """The copies, and the texts that know what was replaced by what.

    Args:
        inputs: each by itself, still open.
        key: chooses the pseudonyms.
        policy: what the owner says of it.

    Raises UsageError for a name of the policy that cannot be replaced.
    """
    texts = Texts(key, policy.kept())
    cleaner = Cleaner(texts)
    for name in policy.names:
        texts.named(name.encode())
    for evidence in inputs:
        if evidence.sources[0].kind == "text":
            cleaner.given.update(file.path for file in evidence.files)
        for host in _hosts(evidence):
            texts.identity(host.encode("utf-8", "surrogateescape"))
        for _ in _copied(_held(evidence, policy), "", cleaner, texts):
            pass
        cleaned_path(evidence.sources[0].name, texts)
    texts.settle()
    if staying := [name for name in policy.names if texts.strict(name.encode()) == name.encode()]:
        raise UsageError(
            f"{', '.join(staying)} cannot go: a word that stays is the same, or begins so (docs/redact.md)"
        )
    return [_copy(evidence, policy, cleaner, texts) for evidence in inputs], texts


def _held(evidence: Evidence, policy: Policy) -> list[InputFile]:
    """What is copied of an input."""
    return [file for file in evidence.files if not _is_too_large(file) and not policy.leaves_out(file.path)]


def _hosts(evidence: Evidence) -> Iterator[str]:
    """Hosts that a collector names."""
    outer = evidence.sources[0].name
    yield from (found.host for found in recognise(evidence.files, COLLECTORS, outer) if found.host)


def _copy(evidence: Evidence, policy: Policy, cleaner: Cleaner, texts: Texts) -> Copy:
    source = evidence.sources[0]
    held = _held(evidence, policy)
    files = tuple(_copied(held, "", cleaner, texts))
    name = cleaned_path(source.name, texts)
    without = {file.path for file in evidence.files} - {file.path for file in held}
    without |= cleaner.unreadable
    missing = sorted({*(refusal.path for refusal in evidence.refusals if not refusal.harmless), *without})
    left_out = tuple(cleaned_path(path, texts) for path in missing)
    if source.kind == "directory":
        return Copy(name, source.kind, files, b"", left_out)
    if source.kind == "text":
        return Copy(name, source.kind, (), files[0].content if files else b"", left_out)
    ends = all(refusal.code != "archive-cut" for refusal in evidence.refusals)
    return Copy(name, source.kind, (), packed(files, source.kind, ends=ends), left_out)


def _copied(files: Iterable[InputFile], prefix: str, cleaner: Cleaner, texts: Texts) -> Iterator[Copied]:
    """The files below a prefix, in order. An archive among them is packed anew from the files in it."""
    held = [file for file in files if file.path.startswith(prefix)]
    rests = (file.path[len(prefix) :] for file in held)
    inner = {prefix + rest.partition(_INNER)[0] for rest in rests if _INNER in rest}
    for file in held:
        path = file.path.removeprefix(prefix)
        if _INNER in path:
            continue
        inside = f"{file.path}{_INNER}"
        below = list(_copied(held, inside, cleaner, texts)) if file.path in inner else _backup(file, cleaner, texts)
        copied = _one(file, path, below, cleaner, texts)
        if copied is not None:
            yield copied


def _backup(file: InputFile, cleaner: Cleaner, texts: Texts) -> list[Copied] | None:
    """The files of an archive that the reader does not follow, a backup or a recovery; None where it is not whole."""
    if file.blob is None or role_of(file.name) not in _BACKUPS or archive_kind(file.blob) is None:
        return None
    with Spool() as spool:
        items = list(read_archive(file.blob, "", lambda _: True, spool))
        files = [item for item in items if isinstance(item, InputFile)]
        return list(_copied(files, "", cleaner, texts)) if len(files) == len(items) else None


def _one(file: InputFile, path: str, below: list[Copied] | None, cleaner: Cleaner, texts: Texts) -> Copied | None:
    """The copy of a file whose path in its archive is `path`; None where it cannot be read."""
    new = cleaned_path(path, texts)
    if file.kind is not Kind.FILE:
        target = texts.prose((file.target or "").encode("utf-8", "surrogateescape"))
        return Copied(new, file, target=target.decode("utf-8", "surrogateescape"))
    if file.blob is None:
        return Copied(new, file, cleaner.emptied(file.size))
    if below is not None:
        kind = archive_kind(file.blob) or "tar"
        return Copied(new, file, packed(below, kind, ends=True) if texts.settled else b"")
    content = cleaner.read(file)
    return None if content is None else Copied(new, file, cleaner.file(path, content))


def _is_too_large(file: InputFile) -> bool:
    return file.kind is Kind.FILE and file.size > REDACTED_FILE_BYTES_MAX
