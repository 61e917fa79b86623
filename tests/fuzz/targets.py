"""What is fuzzed: each kind of input with its reader; and whole archives.

What only some kinds need is imported by them: a fuzzer that watches coverage takes its time for each module.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from forensics.errors import ForensicsError
from forensics.evidence import BytesBlob, Span
from forensics.ingest.archive import archive_kind
from forensics.ingest.excerpt import pasted_yaml
from forensics.ingest.listing import parse_listings
from forensics.parsers.certificates import parse_certificates, parse_key
from forensics.parsers.command import parse_command
from forensics.parsers.configuration import parse_configuration
from forensics.parsers.control import parse_failure_domain, parse_start_file, parse_tuning
from forensics.parsers.journal import parse_journal
from forensics.parsers.kube_object import parse_kube_object
from forensics.parsers.member_tables import read_member_tables
from forensics.parsers.members import parse_cluster, parse_info
from forensics.parsers.metadata import parse_metadata
from forensics.parsers.microcluster import parse_daemon, parse_trust_entry
from forensics.parsers.openssl_dates import parse_openssl_dates
from forensics.parsers.recovery_members import parse_recovery_members
from forensics.parsers.segment_walk import parse_segment
from forensics.parsers.shell_members import parse_shell_cluster
from forensics.parsers.snapshot import parse_snapshot_data, parse_snapshot_meta_file

TEXTS: Final = Path(__file__).parents[1] / "parsers" / "messages.txt"


@dataclass(frozen=True, slots=True)
class Target:
    """One kind of input.

    Attributes:
        read: must neither raise nor hang, whatever the bytes.
        seeds: names of files in the recordings whose content it starts from.
        more: other seeds.
    """

    read: Callable[[bytes], object]
    seeds: str = "(?!)"
    more: tuple[bytes, ...] = ()


def _blob(parse: Callable[[Any], object]) -> Callable[[bytes], object]:
    return lambda data: parse(BytesBlob("input", data))


def _each(parse: Callable[[Any], Any]) -> Callable[[bytes], object]:
    return lambda data: list(parse(BytesBlob("input", data)))


def _at(parse: Callable[[Any, Span], object]) -> Callable[[bytes], object]:
    return lambda data: parse(data, Span("input", 0, len(data)))


def _segment(data: bytes) -> None:
    for _ in parse_segment(data).entries(1):
        pass


def _database(data: bytes) -> None:
    """As examine.py looks into it, in the process for SQLite."""
    from forensics.facts.database.open import Database, QueryError  # noqa: PLC0415 - see above
    from forensics.facts.database.pages import Pages  # noqa: PLC0415 - see above

    pages = Pages("input")
    try:
        pages.copy(1, data[: len(data) // 4096 * 4096])
        with Database(pages) as database:
            database.tables()
            database.rows("PRAGMA integrity_check(20)", seconds=2)
    except QueryError:
        pass
    finally:
        pages.close()


def _archive(data: bytes) -> None:
    """The whole analysis. Outside of a barrier's watch, whatever breaks is loud."""
    from forensics import pipeline  # noqa: PLC0415 - see above
    from forensics.ingest.source import Source  # noqa: PLC0415 - see above

    blob = BytesBlob("input", data)
    kind = archive_kind(blob) or "text"
    try:
        with pipeline.take([Source(blob.path, kind, blob.size, blob, "")]) as evidence:
            document = pipeline.analyze(evidence).document
    except ForensicsError:  # said to the user as it is
        return
    broken = [check.rule for check in document.checks if check.verdict == "broken"]
    if broken:
        raise AssertionError(f"broken: {', '.join(broken)}")


TARGETS: Final[dict[str, Target]] = {
    "archive": Target(_archive),
    "certificate": Target(_blob(parse_certificates), r".*\.crt"),
    "cluster-yaml": Target(_blob(parse_cluster), r"cluster\.yaml"),
    "command": Target(_at(parse_command), "(?!)", (bytes([1, 1, 0, 0, 0, 0, 0, 0]) + b"db.bin\0\0", bytes(64))),
    "configuration": Target(_at(parse_configuration), "(?!)", (bytes([1]) + bytes([1, 0, 0, 0, 0, 0, 0, 0]),)),
    "daemon-yaml": Target(_blob(parse_daemon), r"daemon\.yaml"),
    "database": Target(_database, r"local\.db"),
    "dates": Target(_blob(parse_openssl_dates), "(?!)", (b"notAfter=Jan  1 00:00:00 2030 GMT\n",)),
    "failure-domain": Target(_blob(parse_failure_domain), "(?!)", (b"17\n",)),
    "info-yaml": Target(_blob(parse_info), r"info\.yaml"),
    "journal": Target(_blob(parse_journal), "(?!)", tuple(TEXTS.read_bytes().split(b"\n== ")[:200])),
    "key": Target(_blob(parse_key), r".*\.key"),
    "kube-object": Target(parse_kube_object, "(?!)", (b"k8s\0\n\x10\n\x02v1\x12\x0aConfigMap\x12\x04\n\x02\n\0",)),
    "listing": Target(_blob(parse_listings), "(?!)", (b"-rw------- 1 root root 32 Jan  1 10:00 metadata1\n" * 3,)),
    "member-tables": Target(
        _blob(read_member_tables), "(?!)", (b"+--+\n| NAME | URL |\n+--+\n| n1 | 10.0.0.1:1 |\n+--+\n",)
    ),
    "metadata": Target(_blob(parse_metadata), r"metadata[12]"),
    "pasted-yaml": Target(
        _each(pasted_yaml), "(?!)", (b"# cat cluster.yaml\n- ID: 1\n  Address: 10.0.0.1:1\n  Role: 0\n",)
    ),
    "recovery": Target(_blob(parse_recovery_members), "(?!)", (b"- id: 1\n  address: 10.0.0.1:1\n  role: voter\n",)),
    "segment": Target(_segment, r"\d{16}-\d{16}|open-\d+"),
    "shell": Target(_blob(parse_shell_cluster), "(?!)", (b"1|10.0.0.1:19001|voter\n", b'[{"ID": 1}]')),
    "snapshot": Target(_blob(parse_snapshot_data), r"snapshot-\d+-\d+-\d+"),
    "snapshot-meta": Target(_blob(parse_snapshot_meta_file), r"snapshot-.*\.meta"),
    "start-file": Target(_blob(parse_start_file), r"init\.yaml", (b"Address: 10.0.0.1:1\nCluster: [10.0.0.2:1]\n",)),
    "trust-entry": Target(_blob(parse_trust_entry), r".*truststore/.*\.yaml", (b"name: n1\naddress: 10.0.0.1:1\n",)),
    "tuning": Target(_blob(parse_tuning), r"tuning\.yaml", (b"snapshot:\n  trailing: 1024\n  threshold: 512\n",)),
}
