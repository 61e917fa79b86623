"""Members → collections: which tools ran, on which hosts, and when."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable

from forensics.evidence import PathBlob
from forensics.ingest.collectors.api import Collection, Collector, Use
from forensics.ingest.member import Kind, Member
from forensics.ingest.roles import FileRole, role_of
from forensics.limits import LOOSE_TEXT_BYTES_MAX

_LOOSE_TEXT = re.compile(
    r".*\.(?:txt|log|out|lst|list|md|ls|text|paste)|(?:.*/)?(?:ls|listing|journal|syslog|tree|find)[\w.-]*"
)
_SOS_NAME = re.compile(r"sosreport-(?P<host>.+?)-(?P<date>\d{4}-\d{2}-\d{2})-\w+(?:-obfuscated)?(?:\.tar(?:\.\w+)?)?!?")
_INSPECT_NAME = re.compile(r"inspection-report-(\d{8})_(\d{6})")
_DATE = re.compile(r"\w{3} (\w{3}) +(\d{1,2}) +(\d{2}):(\d{2}):(\d{2})(?: [AP]M)? \S+ (\d{4})")
_MONTHS = {name: number for number, name in enumerate(calendar.month_abbr) if name}
_JOURNAL_HOST = re.compile(r"(?m)^(?:\w{3} +\d+ [\d:]{8}|\d{4}-\d\d-\d\dT\S+) ([\w.-]+) [\w.@-]+(?:\[\d+\])?: ")
_HEAD = 4096


def is_loose_text(path: str) -> bool:
    """A name that people give to a text which they add by hand (texts of sosreports are known by their own names)."""
    return _LOOSE_TEXT.fullmatch(path) is not None and "/sos_" not in path and not path.startswith("sos_")


def recognise(members: Iterable[Member], collectors: Iterable[Collector]) -> list[Collection]:
    """The collections among the members, by root; then one of loose texts, with an empty root, where there are any."""
    found: dict[str, Collection] = {}
    files = [member for member in members if member.kind is not Kind.DIRECTORY]
    *tools, loose = collectors
    for member in files:
        for collector in tools:
            if (mark := collector.mark.fullmatch(member.path)) and mark["root"] not in found:
                found[mark["root"]] = Collection(collector, mark["root"])
    rest = Collection(loose, "")
    roots = sorted(found, key=len, reverse=True)
    for member in files:
        root = next((root for root in roots if member.path.startswith(root)), None)
        if root is not None:
            _put(found[root], member)
        elif not _put(rest, member) and _is_small_text(member):
            rest.listings.append((member, None))
            rest.journals.append((member, ""))
    collections = [found[root] for root in sorted(found) if _holds_anything(found[root])]
    for collection in collections:
        _describe(collection)
    return [*collections, rest] if _holds_anything(rest) else collections


def _holds_anything(collection: Collection) -> bool:
    return bool(collection.copies or collection.listings or collection.journals or collection.facts)


def _put(collection: Collection, member: Member) -> bool:
    """File a member as the collector's table says; whether it is in the table."""
    inner = member.path[len(collection.root) :]
    placed = collection.collector.place(inner)
    if placed is None:
        return False
    use, target = placed
    if use is Use.COPY:
        collection.copies[collection.root + target] = member
    elif use is Use.LISTING:
        collection.listings.append((member, target or None))
    elif use is Use.JOURNAL:
        collection.journals.append((member, target))
    else:
        collection.facts.setdefault(target, []).append(member)
    return True


def _is_small_text(member: Member) -> bool:
    """A file that may be a paste: called like a text (or the input itself), not large, no zero byte in its head."""
    if member.blob is None or member.size > LOOSE_TEXT_BYTES_MAX or role_of(member.name) is not FileRole.UNKNOWN:
        return False
    if "/" in member.path and not is_loose_text(member.path):
        return False
    return member.kind is Kind.FILE and b"\0" not in member.blob.read(0, _HEAD)


def _describe(collection: Collection) -> None:
    """Host and time of collection, from the best source that there is."""
    parts = collection.root.rstrip("/").split("/")
    named = next((found for part in reversed(parts) if (found := _SOS_NAME.fullmatch(part))), None)
    obfuscated = any("-obfuscated" in part for part in parts)
    collection.cleaned = obfuscated or '"cleaner"' in _text(collection, "manifest", 1 << 20)
    collection.host = _host(collection) or (named["host"] if named else None)
    date = _DATE.search(_text(collection, "date"))
    inspect = _INSPECT_NAME.search(collection.root)
    if date and date[1] in _MONTHS:
        clock = tuple(map(int, (date[6], _MONTHS[date[1]], date[2], date[3], date[4], date[5])))
        collection.collected, collection.collected_by = float(calendar.timegm(clock)), "its date file"
    elif inspect:
        digits = inspect[1] + inspect[2]
        clock = (int(digits[:4]), *(int(digits[at : at + 2]) for at in range(4, 14, 2)))
        collection.collected, collection.collected_by = float(calendar.timegm(clock)), "the archive's name"
    elif named:
        day = tuple(map(int, named["date"].split("-")))
        collection.collected = float(calendar.timegm((*day, 23, 59, 59)))
        collection.collected_by = "the archive's name (day only)"
    else:
        _from_file_times(collection)


def _from_file_times(collection: Collection) -> None:
    """The newest text of an archive: collectors write while they run. A directory's times may be those of a copy."""
    members = [member for member, _ in (*collection.listings, *collection.journals)]
    members += [member for group in collection.facts.values() for member in group]
    times = [member.mtime for member in members if member.mtime and not isinstance(member.blob, PathBlob)]
    if times:
        collection.collected, collection.collected_by = max(times), "the newest file time in the archive"


def _host(collection: Collection) -> str | None:
    words = _text(collection, "hostname").split()
    if words and re.fullmatch(r"[\w.-]{1,253}", words[0]):
        return words[0]
    uname = re.match(r"Linux (\S+) ", _text(collection, "uname"))
    return uname[1] if uname else _host_of_journal(collection)


def _host_of_journal(collection: Collection) -> str | None:
    """`Jan 05 10:10:10 HOST unit[1]: …`."""
    for member, _ in collection.journals:
        head = member.blob.read(0, _HEAD).decode("utf-8", "replace") if member.blob else ""
        found = re.search(
            r"^(?:\w{3} +\d+ [\d:]{8}|\d{4}-\d\d-\d\dT\S+) ([\w.-]+) [\w.@-]+(?:\[\d+\])?: ", head, re.MULTILINE
        )
        if found:
            return found[1]
    return None


def _text(collection: Collection, fact: str, limit: int = _HEAD) -> str:
    members = collection.facts.get(fact, [])
    blob = members[0].blob if members else None
    return blob.read(0, limit).decode("utf-8", "replace") if blob else ""
