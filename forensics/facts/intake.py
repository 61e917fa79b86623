"""Inputs → evidence: every file that may matter, hashed and decoded ahead where threads are given; all refusals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

from forensics.barrier import stage
from forensics.budget import Budget
from forensics.errors import InputError
from forensics.facts.decoder import Decoder
from forensics.ingest.content import Item
from forensics.ingest.files import BROKEN, InputFile, Kind, Refusal
from forensics.ingest.installed import is_installed
from forensics.ingest.inventory import wanted
from forensics.ingest.source import Source, open_source, read_source
from forensics.ingest.spool import Spool

_UNUSABLE = "input-unusable"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that the inputs gave. Closing it gives the private spool back.

    Attributes:
        sources: the inputs.
        files: of all inputs; where there are several, each path begins with its input's name.
        refusals: what was not taken, and why.
        decoder: what is decoded of the files so far; decodes the rest when asked.
        spool: private space for content that cannot be read in place.
        repeats: inputs that hold the same files as an earlier one, which alone is used: (name, name of the earlier).
    """

    sources: tuple[Source, ...]
    files: tuple[InputFile, ...]
    refusals: tuple[Refusal, ...]
    decoder: Decoder
    spool: Spool
    repeats: tuple[tuple[str, str], ...] = ()

    def __enter__(self) -> Evidence:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop what is still decoding, and give the private spool back."""
        self.decoder.close()
        self.spool.close()


def ingest(paths: Iterable[str], jobs: int = 0, budget: Budget | None = None) -> Evidence:
    """Read the inputs' files. Raises InputError where an input cannot be read at all.

    Args:
        paths: the inputs.
        jobs: so many threads hash and decode raft files while more files arrive; 0 where not all of them are needed.
        budget: what the whole run may take.
    """
    with ExitStack() as undo:
        spool = undo.enter_context(Spool(budget))
        evidence = take([open_source(path, spool) for path in paths], spool, jobs)
        undo.pop_all()
        return evidence


def take(sources: Sequence[Source], spool: Spool | None = None, jobs: int = 0) -> Evidence:
    """Read the files of opened inputs. For `jobs` see ingest."""
    with ExitStack() as undo:
        spool = undo.enter_context(Spool() if spool is None else spool)
        decoder = Decoder(jobs)
        undo.callback(decoder.close)
        files: list[InputFile] = []
        refusals: list[Refusal] = []
        prefixes = path_prefixes(sources)
        for source, prefix in zip(sources, prefixes, strict=True):
            if source.blob is not None:
                decoder.prepare_digest(digest_key(source), source.blob)
            for item in _items(source, prefix, spool):
                if isinstance(item, InputFile):
                    files.append(item)
                    decoder.prepare(item)
                else:
                    refusals.append(item)
        spool.rest()
        _refuse_useless(sources, refusals)
        same = _repeated(prefixes, files, decoder)
        undo.pop_all()
        return Evidence(
            tuple(sources),
            tuple(file for file in files if not _is_below(file.path, same)),
            tuple(refusal for refusal in refusals if not _is_below(refusal.path, same)),
            decoder,
            spool,
            tuple((one.rstrip("/"), other.rstrip("/")) for one, other in same.items()),
        )


def _unread(source: Source, prefix: str, _: Spool) -> Iterator[Item]:
    yield Refusal(prefix or source.name, BROKEN, "an error of this program ended the reading")


@stage("reading the input", lambda source, *_: source.name, _unread, told=True)
def _items(source: Source, prefix: str, spool: Spool) -> Iterator[Item]:
    """What an input holds; where that is nothing, a refusal that says so."""
    if source.unusable is not None:
        yield Refusal(prefix, _UNUSABLE, source.unusable)
        return
    held, why = False, ""
    for item in read_source(source, prefix, wanted, spool):
        if isinstance(item, Refusal):
            why = why or item.detail
            item = replace(item, harmless=item.harmless or _is_unrelated(item.path))  # noqa: PLW2901 - the same, weighed
        held = held or (isinstance(item, InputFile) and item.kind is not Kind.DIRECTORY)
        yield item
    if not held:
        yield Refusal(prefix, _UNUSABLE, why or "there is no file in it: copy it again")


def _is_unrelated(path: str) -> bool:
    """Nothing of a state directory can be missing by it, nor a file that a collector puts there."""
    return is_installed(path) and not wanted(path)


def _refuse_useless(sources: Sequence[Source], refusals: Sequence[Refusal]) -> None:
    """Raises InputError where no input holds anything."""
    useless = [refusal for refusal in refusals if refusal.code == _UNUSABLE]
    if useless and len(useless) == len(sources):
        raise InputError(sources[0].where, useless[0].detail)


def _is_below(path: str, prefixes: Iterable[str]) -> bool:
    return any(path.startswith(prefix) for prefix in prefixes)


def _repeated(prefixes: Sequence[str], files: Sequence[InputFile], decoder: Decoder) -> dict[str, str]:
    """Inputs with the very files of an earlier one, by prefix: the same upload, however it is packed.

    Contents are looked at only where names and sizes are equal.
    """
    if len(prefixes) < 2:
        return {}
    shapes = {
        prefix: [(f.path.removeprefix(prefix), f) for f in files if f.path.startswith(prefix)] for prefix in prefixes
    }
    found: dict[str, str] = {}
    for number, prefix in enumerate(prefixes):
        for earlier in prefixes[:number]:
            if earlier not in found and _is_same(shapes[earlier], shapes[prefix], decoder):
                found[prefix] = earlier
                break
    return found


def _is_same(one: Sequence[tuple[str, InputFile]], other: Sequence[tuple[str, InputFile]], decoder: Decoder) -> bool:
    """Equal names, sizes and contents; in whatever order, and only where there is something to compare."""
    mine, its = (sorted((pair for pair in files if _is_content(pair[1])), key=_name_of) for files in (one, other))
    if [(name, f.kind, f.size) for name, f in mine] != [(name, f.kind, f.size) for name, f in its]:
        return False
    held = [(a, b) for (_, a), (_, b) in zip(mine, its, strict=True) if a.blob is not None and b.blob is not None]
    return bool(held) and all(_is_equal(_digest(a, decoder), _digest(b, decoder)) for a, b in held)


def _is_equal(one: str | None, other: str | None) -> bool:
    """Of what cannot be read nothing is known."""
    return one is not None and one == other


def _is_content(file: InputFile) -> bool:
    """Folders are left out: some archives do not name them."""
    return file.kind is not Kind.DIRECTORY


def _name_of(pair: tuple[str, InputFile]) -> str:
    return pair[0]


def _digest(file: InputFile, decoder: Decoder) -> str | None:
    return file.sha256 or (decoder.digest(file.path, file.blob) if file.blob is not None else None)


def path_prefixes(sources: Sequence[Source]) -> list[str]:
    """What the paths of each input begin with: its name, made unique; nothing where there is only one."""
    if len(sources) == 1:
        return [""]
    names: list[str] = []
    for source in sources:
        name, number = source.name, 2
        while name in names:
            name, number = f"{source.name}-{number}", number + 1
        names.append(name)
    return [f"{name}/" for name in names]


def digest_key(source: Source) -> str:
    """An input's own key among the digests: no file's path starts with a slash."""
    return f"/{source.where}"
