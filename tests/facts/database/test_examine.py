"""Facts about rebuilt databases, against the rows that the running clusters told, counted here a second time."""

from __future__ import annotations

import json
import lzma
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from forensics.evidence import Blob
from forensics.facts.database.kine import Kine, prefix_of, printable_key
from forensics.facts.database.replay import Replay
from forensics.facts.database.summary import DatabaseFacts
from forensics.facts.node.node import Node
from forensics.pipeline import gather, ingest

BASES = Path(__file__).resolve().parents[3] / "fixtures" / "bases"
HEALTHY = ("healthy", "killed-mid-write", "lagging", "single", "steady", "trimmed", "roles", "databases")


def node(base: str, name: str = "n1") -> Node:
    with ingest([str(BASES / f"{base}.tar.xz")]) as evidence:
        return next(node for node in gather(evidence).nodes() if node.name == name)


def database(base: str, name: str) -> DatabaseFacts:
    found = node(base).databases.get(name)
    assert found is not None
    return found


def told(base: str, table: str) -> list[dict[str, Any]]:
    """A table's rows at the last moment, as the running cluster answered."""
    lines = lzma.decompress((BASES / f"{base}.rows.jsonl.xz").read_bytes()).decode().splitlines()
    found = [table_ for table_ in map(json.loads, lines) if table_["table"] == table and table_["moment"] == "end"]
    return [dict(zip(found[-1]["columns"], row, strict=True)) for row in found[-1]["rows"]]


def size(value: dict[str, str] | None) -> int:
    return len(value["hex"]) // 2 if value else 0


@pytest.mark.parametrize("base", ["healthy", "lagging", "trimmed", "single"])
def test_kine_is_measured_as_the_rows_say(base: str) -> None:
    kine = database(base, "k8s").kine
    assert kine is not None
    rows = told(base, "kine")
    assert (kine.rows, kine.first_revision, kine.last_revision) == (len(rows), rows[0]["id"], rows[-1]["id"])
    last = {row["name"]: row for row in rows}
    live = {name: row for name, row in last.items() if not row["deleted"] and name != "compact_rev_key"}
    assert kine.live == len(live)
    assert kine.leased == sum(row["lease"] != 0 for row in live.values())
    assert kine.compact_rows == tuple(
        (row["id"], row["prev_revision"]) for row in rows if row["name"] == "compact_rev_key"
    )
    assert kine.sequence == told(base, "sqlite_sequence")[0]["seq"]
    by_prefix = Counter(prefix_of(row["name"]) for row in rows)
    bytes_of: Counter[str] = Counter()
    for row in rows:
        bytes_of[prefix_of(row["name"])] += size(row["value"]) + size(row["old_value"])
    assert {prefix.prefix: (prefix.rows, prefix.bytes) for prefix in kine.prefixes} == {
        name: (count, bytes_of[name]) for name, count in by_prefix.items()
    }
    assert [prefix.bytes for prefix in kine.prefixes] == sorted(bytes_of.values(), reverse=True)
    assert kine.busiest[0].size == max(Counter(row["name"] for row in rows).values())


@pytest.mark.parametrize("base", HEALTHY)
def test_a_real_history_gives_no_suspects(base: str) -> None:
    """What k8s-dqlite's own statements wrote, compacted or not, has nothing to complain about."""
    for found in node(base).databases.found:
        assert found.sound
        assert not found.losses
        if found.kine:
            assert suspects(found.kine) == (0, 0, 0, ())


def suspects(kine: Kine) -> tuple[object, ...]:
    return kine.chain.count, kine.damaged.count, kine.uncompacted.count, kine.gaps


def test_members_of_k8sd_come_without_secrets() -> None:
    members = database("k8sd", "db.bin").members
    assert members is not None
    rows = told("k8sd", "core_cluster_members")
    assert [(member.id, member.name, member.address, member.role, member.heartbeat) for member in members] == [
        (row["id"], row["name"], row["address"], row["role"], row["heartbeat"]) for row in rows
    ]
    assert {(member.schema_internal, member.schema_external) for member in members} == {(6, 7)}
    assert all(len(member.fingerprint or "") == 64 for member in members)
    everything = repr(node("k8sd").databases)
    assert "fixture-not-a-real" not in everything
    assert "CERTIFICATE" not in everything


def test_snapshots_are_what_the_log_leads_to() -> None:
    """On every node of every recording whose log reaches back: two versions, own snapshots and installed ones."""
    compared = 0
    for base in ("lagging", "trimmed", "p111", "p118"):
        with ingest([str(BASES / f"{base}.tar.xz")]) as evidence:
            for each in gather(evidence).nodes():
                if each.difference is not None:
                    compared += 1
                    assert not each.difference.pages
    assert compared == 12


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("/registry/pods/default/web-1", "/registry/pods/default/web-1"),
        ("/registry/secrets/kube-system/bootstrap-token-abc", "/registry/secrets/kube-system/…"),
        ("/registry/secrets/default/a/b", "/registry/secrets/default/a/…"),
        ("compact_rev_key", "compact_rev_key"),
        ("/registry/pods/\x1b[31m", "/registry/pods/\\x1b[31m"),
    ],
)
def test_names_of_secrets_lose_their_last_part(name: str, shown: str) -> None:
    assert printable_key(name) == shown


def test_a_snapshot_that_is_too_large_to_compare_is_restored_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its size is told before: only `examine` restores it then."""
    restored: list[str] = []
    restore = Replay.restore

    def counted(replay: Replay, data: Blob) -> None:
        restored.append(data.path)
        restore(replay, data)

    monkeypatch.setattr(Replay, "restore", counted)
    assert node("trimmed").difference is not None
    assert len(set(restored)) < len(restored)
    restored.clear()
    monkeypatch.setattr("forensics.facts.database.replay_check.COMPARED_BYTES_MAX", 1)
    assert node("trimmed").difference is None
    assert len(restored) == len(set(restored)) == 3  # one a node
