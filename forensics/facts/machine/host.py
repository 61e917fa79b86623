"""The machine around a state directory: disks, addresses, versions, restarts, and its journals.

What a collector kept of `df`, `ip addr`, `snap list` and the like. Text is read leniently: a line that does not fit is
passed over, and nothing here is required.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import TypeVar

from forensics.barrier import stage
from forensics.evidence import Blob, Parsed, Span
from forensics.facts.decoder import Decoder
from forensics.facts.machine.log_lines import in_order, told_once
from forensics.facts.machine.service_starts import ServiceStarts, starts_in
from forensics.facts.machine.services import AsyncRequests, async_requests, clock_synchronised, service_states
from forensics.facts.one_file import parsed_file
from forensics.ingest.clock_source import ClockSource
from forensics.ingest.collectors import Collection
from forensics.ingest.files import InputFile
from forensics.ingest.listing.sizes import parse_size
from forensics.ingest.listing.text import text_lines
from forensics.limits import HOST_TEXT_BYTES_MAX
from forensics.parsers.journal import Journal
from forensics.parsers.machine_addresses import MachineAddresses, machine_addresses
from forensics.parsers.member_tables import MemberTable, read_member_tables
from forensics.parsers.openssl_dates import CertificateDates, parse_openssl_dates

V = TypeVar("V")

_PERCENT = re.compile(r"\d{1,3}%")
_NO_DISKS = ("tmpfs", "devtmpfs", "/dev/loop", "squashfs", "udev")


@dataclass(frozen=True, slots=True)
class Disk:
    """One file system of `df`. Sizes in bytes, rounded as `df` rounds; None where not read."""

    mount: str
    used_percent: int
    available: int | None
    at: Span
    inodes: bool = False


@dataclass(frozen=True, slots=True)
class DatedCertificate:
    """A certificate's dates as openssl printed them: the file's name, and the database that it is of."""

    name: str
    database: str
    parsed: Parsed[CertificateDates]
    at: Span


@dataclass(frozen=True, slots=True, eq=False)
class Host:
    """Facts of one machine.

    Attributes:
        name: None where nothing tells.
        collector: title of what collected it.
        root: where its files lie in the input. by_hand: people copied them: see Collector.
        collected, collected_by, utc_offset, zone: see Collection.
        cleaned: addresses and names are replaced ones. worker: a Kubernetes node without a datastore.
        disks: from `df`. addresses: of its interfaces, loopback left out. snaps: version and revision by snap.
        machines: of texts that somebody added, the machines whose addresses they show whole.
        certificates: of which sos has the dates only.
        restarts: service restarts by unit, as systemd counted them. services: their states by unit, see services.py.
        starts: by unit, as logs tell them, see service_starts.py.
        clock_synchronised: by timedatectl; None where it did not say. async_requests: by sysctl.
        member_tables: that a collector asked for, or somebody pasted among its texts.
        journals: what of its logs concerns dqlite; a log without such lines is there too, empty.
        journals_of_others: texts of products that carry no dqlite. products: on dqlite that its texts name.
    """

    name: str | None
    collector: str
    root: str
    by_hand: bool = False
    collected: float | None = None
    collected_by: ClockSource | None = None
    utc_offset: float | None = None
    zone: str = ""
    cleaned: bool = False
    worker: bool = False
    disks: tuple[Disk, ...] = ()
    addresses: Mapping[str, Span] = field(default_factory=dict)
    machines: tuple[MachineAddresses, ...] = ()
    snaps: Mapping[str, str] = field(default_factory=dict)
    restarts: Mapping[str, tuple[int, Span]] = field(default_factory=dict)
    starts: Mapping[str, ServiceStarts] = field(default_factory=dict)
    services: Mapping[str, tuple[str, Span]] = field(default_factory=dict)
    clock_synchronised: tuple[bool, Span] | None = None
    async_requests: AsyncRequests | None = None
    journals: tuple[Journal, ...] = ()
    journals_of_others: tuple[Journal, ...] = ()
    products: tuple[str, ...] = ()
    certificates: tuple[DatedCertificate, ...] = ()
    member_tables: tuple[MemberTable, ...] = ()

    def holds(self, path: str) -> bool:
        """A state directory at `path` is this machine's."""
        return not self.root or path.startswith(self.root)


def _nameless(collection: Collection, _: Decoder) -> Host:
    return Host(collection.host, collection.collector.title, collection.root, by_hand=collection.by_hand)


@stage("what is known of the machine", lambda collection, _: collection.host or collection.root, _nameless)
def build_host(collection: Collection, decoder: Decoder) -> Host:
    """Read what a collection holds about its machine."""
    logs = _journals(collection, decoder)
    of_others = tuple(journal for journal in logs if journal.of_another)
    journals = tuple(one for one in logs if not one.of_another and (one.lines or one.others or one.looks_like_log))
    pasted = _pasted(collection) if collection.by_hand else ()
    machines = {file.path: tuple(machine_addresses(blob)) for file, blob in pasted}
    return Host(
        collection.host,
        collection.collector.title,
        collection.root,
        by_hand=collection.by_hand,
        collected=collection.collected,
        collected_by=collection.collected_by,
        utc_offset=collection.utc_offset,
        zone=collection.zone,
        cleaned=collection.cleaned,
        worker=any(file.name == "is-worker-node" for file in collection.facts.get("node-kind", [])),
        disks=_disks_of(collection),
        addresses=_merged(_addresses(blob) for blob in _blobs(collection, "addresses"))
        | _merged(found[0].addresses for found in machines.values() if len(found) == 1),
        machines=tuple(machine for found in machines.values() for machine in found),
        snaps=_merged(_snaps(blob) for blob in _blobs(collection, "snaps")),
        restarts=_restarts_of_journals(journals, collection)
        | _merged(_restarts(blob) for blob in _blobs(collection, "restarts")),
        starts=starts_in(journals, collection.collected, collection.utc_offset),
        services=_merged(service_states(_lines(blob)) for blob in _blobs(collection, "services")),
        clock_synchronised=_clock_synchronised(collection),
        async_requests=async_requests(line for blob in _blobs(collection, "aio") for line in _lines(blob)),
        journals=journals,
        journals_of_others=of_others,
        products=tuple(dict.fromkeys(name for journal in logs for name in journal.products)),
        certificates=tuple(_certificates(collection)),
        member_tables=tuple(_member_tables(collection, {journal.path for journal in of_others})),
    )


def _merged(found: Iterable[dict[str, V]]) -> dict[str, V]:
    """All in one; of the same key the last."""
    return {key: value for one in found for key, value in one.items()}


def _disks_of(collection: Collection) -> tuple[Disk, ...]:
    """All of `df`; of file systems mounted one over the other the last."""
    found = [disk for fact in ("df", "df-inodes") for text in _blobs(collection, fact) for disk in _disks(text, fact)]
    return tuple({(disk.mount, disk.inodes): disk for disk in found}.values())


def _clock_synchronised(collection: Collection) -> tuple[bool, Span] | None:
    answers = (clock_synchronised(_lines(blob)) for blob in _blobs(collection, "timedatectl"))
    return next(filter(None, answers), None)


def _member_tables(collection: Collection, of_others: Set[str]) -> Iterator[MemberTable]:
    """That a collector asked for, or that somebody pasted among the texts; those of other products are passed over."""
    pasted = (blob for file, blob in _pasted(collection) if file.path not in of_others)
    for blob in (*_blobs(collection, "tables"), *pasted):
        yield from read_member_tables(blob)


def _pasted(collection: Collection) -> Iterator[tuple[InputFile, Blob]]:
    """Its logs, and the texts that somebody added, which are looked through as such."""
    return ((file, file.blob) for file, _ in collection.journals if file.blob is not None)


def _journals(collection: Collection, decoder: Decoder) -> list[Journal]:
    """What of its logs concerns dqlite, each line once a machine."""
    found = list(filter(None, (_journal(file, unit, decoder) for file, unit in collection.journals)))
    once = [
        journal
        for of_one in _by_machine(found, collection)
        for journal in told_once(of_one, collection.collected, collection.utc_offset)
    ]
    order = {journal.path: number for number, journal in enumerate(found)}
    return sorted(once, key=lambda journal: order[journal.path])


def _journal(file: InputFile, unit: str, decoder: Decoder) -> Journal | None:
    if file.blob is None:
        return None
    return parsed_file(lambda blob: decoder.journal(file.path, blob, unit), file.blob)


def _restarts_of_journals(journals: Iterable[Journal], collection: Collection) -> dict[str, tuple[int, Span]]:
    """The counter that systemd logs at each restart: the newest of each unit, as `nrestarts.log` names it."""
    lines = [line for journal in journals for line in journal.lines if line.code == "service-restarted"]
    in_time = in_order(lines, collection.collected, collection.utc_offset)
    newest = {str(line.named["unit"]): line for line in in_time}
    return {unit.removeprefix("snap."): (int(line.named["restarts"]), line.at) for unit, line in newest.items()}


def _by_machine(journals: list[Journal], collection: Collection) -> Iterable[list[Journal]]:
    """Logs copied by hand are taken to be of one machine where they lie in one archive or folder."""
    if not collection.by_hand:
        return [journals]
    machines: dict[str, list[Journal]] = defaultdict(list)
    for journal in journals:
        machines[journal.path.partition("/")[0]].append(journal)
    return machines.values()


def _blobs(collection: Collection, fact: str) -> Iterator[Blob]:
    for file in collection.facts.get(fact, []):
        if file.blob is not None:
            yield file.blob


_DATED = re.compile(r"sos_commands/(?P<plugin>\w+)/(?:.*/)?openssl_x509_-in_(?:.*\.)?(?P<name>\w+\.crt)_-noout_-dates")


def _certificates(collection: Collection) -> Iterator[DatedCertificate]:
    for blob in _blobs(collection, "certificate-dates"):
        if found := _DATED.search(blob.path):
            database = {"ceph_common": "microceph"}.get(found["plugin"], found["plugin"])
            yield DatedCertificate(found["name"], database, parse_openssl_dates(blob), blob.span())


def _lines(blob: Blob) -> Iterator[tuple[str, Span]]:
    return text_lines(blob, HOST_TEXT_BYTES_MAX)


def _disks(blob: Blob, fact: str) -> Iterator[Disk]:
    """Lines that end in `available percent% mount`."""
    for text, at in _lines(blob):
        *_, free, used, mount = ["", "", "", *text.split()]
        if not (free and _PERCENT.fullmatch(used) and mount.startswith("/")) or text.lstrip().startswith(_NO_DISKS):
            continue
        available = parse_size(free)
        kib = 1024 if free.isdigit() else 1
        yield Disk(mount, int(used[:-1]), available[1] * kib if available else None, at, fact == "df-inodes")


def _addresses(blob: Blob) -> dict[str, Span]:
    """`inet 10.0.0.4/24` and `inet6 …`, without loopback and link-local ones."""
    found = {}
    for text, at in _lines(blob):
        match = re.search(r"\binet6?\s+(?:addr:\s?)?([0-9a-fA-F:.]+)(?:/\d+)?", text)
        if match and not match[1].startswith(("127.", "::1", "fe80", "169.254.")):
            found[match[1].lower()] = at
    return found


def _snaps(blob: Blob) -> dict[str, str]:
    """`snap list`: name → `version (revision)`."""
    found = {}
    for text, _ in _lines(blob):
        columns = text.split()
        if len(columns) >= 5 and re.fullmatch(r"x?\d+", columns[2]) and "disabled" not in text:
            found[columns[0]] = f"{columns[1]} ({columns[2]})"
    return found


def _restarts(blob: Blob) -> dict[str, tuple[int, Span]]:
    """`k8s.k8s-dqlite -> 17`; older inspections wrote `k8s.k8s-dqlite NRestarts=17`."""
    return {
        found[1]: (int(found[2]), at)
        for text, at in _lines(blob)
        if (found := re.match(r"\s*(\S+)\s+(?:NRestarts=|-> )(?:NRestarts=)?(\d{1,9})", text))
    }
