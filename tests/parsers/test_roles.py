"""The two numberings of a role, held against each other on real files: swapped, reports would name wrong voters."""

from __future__ import annotations

import pytest

from forensics.evidence import BytesBlob, Span
from forensics.parsers.configuration import Configuration, parse_configuration
from forensics.parsers.members import parse_cluster
from forensics.parsers.roles import Role
from forensics.parsers.segment import EntryType
from forensics.parsers.segment_walk import parse_segment
from forensics.parsers.snapshot import parse_snapshot_meta_file
from tests.real_files import recorded


def newest_configuration(files: dict[str, bytes]) -> Configuration:
    """Of the last change entry in the open and closed segments of a node."""
    found = None
    for name in sorted(name for name in files if name[0].isdigit() or name.startswith("open-")):
        segment = parse_segment(files[name], name)
        for entry in segment.entries(1):
            if entry.type == EntryType.CHANGE:
                payload = files[name][entry.offset : entry.offset + entry.size]
                found = parse_configuration(payload, Span(name, entry.offset, entry.size)).value
    assert found is not None
    return found


def test_disk_and_yaml_name_the_same_roles() -> None:
    """Three voters, three stand-bys, one spare: what raft wrote in its log, and go-dqlite in cluster.yaml."""
    files = recorded("roles")["n1"]
    on_disk = {server.id: server.role for server in newest_configuration(files).servers}
    members = parse_cluster(BytesBlob("cluster.yaml", files["cluster.yaml"])).value
    assert members is not None
    assert {member.id: member.role for member in members.members} == on_disk
    assert sorted(role.value for role in on_disk.values() if role) == ["spare"] + ["stand-by"] * 3 + ["voter"] * 3


def test_the_codes_differ() -> None:
    """The bytes themselves: of the same members, disk says 1, 0, 2 where YAML says 0, 1, 2."""
    files = recorded("roles")["n1"]
    configuration = newest_configuration(files)
    raw = files[configuration.at.path][configuration.at.offset :]
    for server in configuration.servers:
        encoded = server.id.to_bytes(8, "little") + server.address.encode() + b"\0"
        disk = raw[raw.index(encoded) + len(encoded)]
        line = f"  ID: {server.id}\n  Role: ".encode()
        yaml = int(files["cluster.yaml"].split(line)[1][:1])
        assert (disk, yaml) in {(1, 0), (0, 1), (2, 2)}
        assert Role.from_disk(disk) is Role.from_yaml(yaml) is server.role


@pytest.mark.parametrize("base", ["trimmed", "p118"])
def test_snapshot_meta_has_voters(base: str) -> None:
    """Three voters in both recordings, as their manifests say: code 1 on disk."""
    for files in recorded(base).values():
        for name in files:
            if name.endswith(".meta"):
                meta = parse_snapshot_meta_file(BytesBlob(name, files[name])).value
                assert meta is not None
                assert meta.configuration is not None
                assert [server.role for server in meta.configuration.servers] == [Role.VOTER] * 3


@pytest.mark.parametrize("code", [3, 7, 255])
def test_unknown_codes_are_no_role(code: int) -> None:
    assert Role.from_disk(code) is None
    assert Role.from_yaml(code) is None
