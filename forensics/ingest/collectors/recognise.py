"""Files → collections: which tools ran, on which hosts, and when."""

from __future__ import annotations

import re
from collections.abc import Iterable

from forensics.ingest.collectors.api import Collection, Collector, Use
from forensics.ingest.collectors.clock import read_clock
from forensics.ingest.collectors.texts import HEAD_BYTES, tails, texts
from forensics.ingest.files import InputFile, Kind
from forensics.ingest.listing.text import UTF_8, encoding_of
from forensics.ingest.roles import FileRole, role_of
from forensics.limits import LOOSE_TEXT_BYTES_MAX

_LOOSE_TEXT = re.compile(
    r".*\.(?:txt|log|out|lst|list|md|ls|text|paste)|(?:.*/)?(?:ls|listing|journal|syslog|tree|find)[\w.-]*"
)
_SOS_NAME = re.compile(r"sosreport-(?P<host>.+?)-(?P<date>\d{4}-\d{2}-\d{2})-\w+(?:-obfuscated)?(?:\.tar(?:\.\w+)?)?!?")
_JOURNAL_HOST = re.compile(r"(?m)^(?:\w{3} +\d+ [\d:]{8}|\d{4}-\d\d-\d\dT\S+) ([\w.-]+) [\w.@-]+(?:\[\d+\])?: ")
_LOOPBACK = re.compile(rb"\binet (?:addr:)?127\.0\.0\.1\b")
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
    found: dict[str, Collection] = {}
    contents = [file for file in files if file.kind is not Kind.DIRECTORY]
    *tools, loose = collectors
    for file in contents:
        for collector in tools:
            if (mark := collector.mark.fullmatch(file.path)) and mark["root"] not in found:
                found[mark["root"]] = Collection(collector, mark["root"])
    rest = Collection(loose, "")
    roots = sorted(found, key=len, reverse=True)
    for file in contents:
        root = next((root for root in roots if file.path.startswith(root)), None)
        if root is not None:
            _put(found[root], file)
        elif not _put(rest, file) and _is_small_text(file):
            rest.listings.append((file, None))
            rest.journals.append((file, ""))
            if _shows_all_addresses(file):
                rest.facts.setdefault("addresses", []).append(file)
    collections = [found[root] for root in sorted(found) if _holds_anything(found[root])]
    for collection in collections:
        _describe(collection, outer)
    return [*collections, rest] if _holds_anything(rest) else collections


def _holds_anything(collection: Collection) -> bool:
    return bool(collection.copies or collection.listings or collection.journals or collection.facts)


def _put(collection: Collection, file: InputFile) -> bool:
    """Put a file where the collector's table says; whether it is in the table."""
    inner = file.path[len(collection.root) :]
    placed = collection.collector.place(inner)
    if placed is None:
        return False
    use, target = placed
    if use is Use.COPY:
        collection.copies[collection.root + target] = file
    elif use is Use.LISTING:
        collection.listings.append((file, target or None))
    elif use is Use.JOURNAL:
        collection.journals.append((file, target))
    else:
        collection.facts.setdefault(target, []).append(file)
    return True


def _is_small_text(file: InputFile) -> bool:
    """A file that may be a paste: called like a text (or the input itself), not large, no zero byte in its head."""
    if file.blob is None or file.size > LOOSE_TEXT_BYTES_MAX or role_of(file.name) is not FileRole.UNKNOWN:
        return False
    if "/" in file.path and not is_loose_text(file.path):
        return False
    head = file.blob.read(0, HEAD_BYTES)
    return file.kind is Kind.FILE and (b"\0" not in head or encoding_of(head) != UTF_8)


def _shows_all_addresses(file: InputFile) -> bool:
    """`ip addr` of one machine stands in the paste, whole: with its loopback. Parts of it, or several, tell nothing."""
    head = file.blob.read(0, HEAD_BYTES) if file.blob is not None else b""
    return len(_LOOPBACK.findall(head)) == 1


def _describe(collection: Collection, outer: str) -> None:
    """Host and time of collection, from the best source that there is."""
    names = [part for part in reversed(collection.root.split("/")) if part] + [outer]
    named = next((found for name in names if (found := _SOS_NAME.fullmatch(name))), None)
    collection.cleaned = any("-obfuscated" in name for name in names) or _is_cleaned(collection)
    collection.host = _host(collection) or (named["host"] if named else None)
    clock = read_clock(collection, names)
    collection.collected, collection.collected_by = clock.collected, clock.by
    collection.utc_offset, collection.zone = clock.offset, clock.zone


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
