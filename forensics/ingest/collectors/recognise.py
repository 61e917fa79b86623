"""Files → collections: which tools ran, on which hosts, and when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from forensics.barrier import stage
from forensics.ingest.collectors.api import Collection, Collector, Use
from forensics.ingest.collectors.clock import read_clock
from forensics.ingest.collectors.texts import HEAD_BYTES, tails, texts
from forensics.ingest.files import InputFile, Kind
from forensics.ingest.listing.text import UTF_8, encoding_of
from forensics.ingest.roles import FileRole, role_of

_LOOSE_TEXT = re.compile(
    r".*\.(?:txt|log|out|lst|list|md|ls|text|paste)|(?:.*/)?(?:ls|listing|journal|syslog|tree|find)[\w.-]*"
)
_SOS_NAME = re.compile(r"sosreport-(?P<host>.+?)-(?P<date>\d{4}-\d{2}-\d{2})-\w+(?:-obfuscated)?(?:\.tar(?:\.\w+)?)?!?")
_JOURNAL_HOST = re.compile(r"(?m)^(?:\w{3} +\d+ [\d:]{8}|\d{4}-\d\d-\d\dT\S+) ([\w.-]+) [\w.@-]+(?:\[\d+\])?: ")
_MANIFEST_TAIL = 1 << 16
_CLEANED_MAC = "53:4f:53:"  # what every replaced MAC address starts with


def is_loose_text(path: str) -> bool:
    """A name that people give to a text which they add by hand (texts of sosreports are known by their own names)."""
    return _LOOSE_TEXT.fullmatch(path) is not None and "/sos_" not in path and not path.startswith("sos_")


def recognise(files: Iterable[InputFile], collectors: Iterable[Collector], outer: str = "") -> list[Collection]:
    """The collections among the files, by root; then one of loose texts, with an empty root, where there are any.

    Args:
        files: of all inputs.
        collectors: the tools; last what people copy by hand.
        outer: the input's name, where there is one input alone: collectors tell host and day in it.
    """
    contents = [file for file in files if file.kind is not Kind.DIRECTORY]
    *tools, loose = collectors
    found = {root: _Contents(collector, root) for root, collector in _roots(contents, tools).items()}
    rest = _Contents(loose, "")
    roots = sorted(found, key=len, reverse=True)
    for file in contents:
        root = next((root for root in roots if file.path.startswith(root)), None)
        if root is not None:
            found[root].add(file)
        elif not rest.add(file) and _is_added_text(file):
            rest.add_text(file)
    collections = [_described(found[root].collection(), outer) for root in sorted(found) if found[root].any]
    return [*collections, rest.collection()] if rest.any else collections


def _roots(files: Iterable[InputFile], tools: Sequence[Collector]) -> dict[str, Collector]:
    """Where the marks of collectors lie; of two in one place the first."""
    found: dict[str, Collector] = {}
    for file in files:
        for collector in tools:
            if mark := collector.mark.fullmatch(file.path):
                found.setdefault(mark["root"], collector)
    return found


class _Contents:
    """What was found of one collection so far."""

    def __init__(self, collector: Collector, root: str) -> None:
        self._collector = collector
        self._root = root
        self._copies: dict[Use, dict[str, InputFile]] = {Use.COPY: {}, Use.HEAD: {}, Use.TAIL: {}}
        self._listings: list[tuple[InputFile, str | None]] = []
        self._journals: list[tuple[InputFile, str]] = []
        self._facts: dict[str, list[InputFile]] = {}

    @property
    def any(self) -> bool:
        """Whether anything was found."""
        return bool(any(self._copies.values()) or self._listings or self._journals or self._facts)

    def add(self, file: InputFile) -> bool:
        """Keep a file as the collector's table says. False if the table does not name it."""
        placed = self._collector.place(file.path[len(self._root) :])
        if placed is None:
            return False
        use, target = placed
        if use in self._copies:
            self._copies[use][self._root + target] = file
        elif use is Use.LISTING:
            self._listings.append((file, target or None))
        elif use is Use.JOURNAL:
            self._journals.append((file, target))
        else:
            self._facts.setdefault(target, []).append(file)
        return True

    def add_text(self, file: InputFile) -> None:
        """A text that somebody added: it may hold listings and log lines."""
        self._listings.append((file, None))
        self._journals.append((file, ""))

    def collection(self) -> Collection:
        """The collection, before its host and time are looked for."""
        facts = {fact: tuple(files) for fact, files in self._facts.items()}
        copies, listings, journals = self._copies, tuple(self._listings), tuple(self._journals)
        return Collection(
            self._collector,
            self._root,
            copies[Use.COPY],
            listings,
            journals,
            facts,
            heads=copies[Use.HEAD],
            tails=copies[Use.TAIL],
        )


def _is_added_text(file: InputFile) -> bool:
    """A file that may be pasted text: named like one (or the input itself), no zero byte at its start."""
    if file.blob is None or role_of(file.name) is not FileRole.UNKNOWN:
        return False
    if "/" in file.path and not is_loose_text(file.path):
        return False
    head = file.blob.read(0, HEAD_BYTES)
    return file.kind is Kind.FILE and (b"\0" not in head or encoding_of(head) != UTF_8)


@stage("telling host and time", lambda collection, _: collection.root, lambda collection, _: collection)
def _described(collection: Collection, outer: str) -> Collection:
    """The collection with host and time of collection, from the best source that there is."""
    names = [part for part in reversed(collection.root.split("/")) if part] + [outer]
    named = next((found for name in names if (found := _SOS_NAME.fullmatch(name))), None)
    clock = read_clock(collection, names)
    return replace(
        collection,
        host=_host(collection) or (named["host"] if named else None),
        collected=clock.collected,
        collected_by=clock.by,
        utc_offset=clock.offset,
        zone=clock.zone,
        cleaned=any("-obfuscated" in name for name in names) or _is_cleaned(collection),
    )


def _is_cleaned(collection: Collection) -> bool:
    """`sos report --clean` writes itself into the manifest, at its end; any cleaning shows in the MAC addresses."""
    manifest = any('"cleaner"' in text for text in tails(collection, "manifest", _MANIFEST_TAIL))
    return manifest or any(_CLEANED_MAC in text for text in texts(collection, "addresses"))


def _host(collection: Collection) -> str | None:
    for text in texts(collection, "hostname"):
        words = text.split()
        if words and re.fullmatch(r"[\w.-]{1,253}", words[0]):
            return words[0]
    uname = next(filter(None, (re.match(r"Linux (\S+) ", text) for text in texts(collection, "uname"))), None)
    return uname[1] if uname else _host_of_journal(collection)


def _host_of_journal(collection: Collection) -> str | None:
    """`Jan 05 10:10:10 HOST unit[1]: …`."""
    for file, _ in collection.journals:
        head = file.blob.read(0, HEAD_BYTES).decode("utf-8", "replace") if file.blob else ""
        if found := _JOURNAL_HOST.search(head):
            return found[1]
    return None
