"""YAML records inside pasted text: whole, or broken off where the paste ends."""

from __future__ import annotations

import pytest

from forensics.evidence import BytesBlob
from forensics.ingest.excerpt import pasted_yaml
from forensics.parsers.members import parse_cluster

ONE = "- Address: 10.0.0.1:19001\n  ID: 3297041220608546238\n  Role: 0\n"
TWO = ONE + "- Address: 10.0.0.2:19001\n  ID: 6578832437747111275\n  Role: 0\n"


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        (TWO, False),
        (ONE, False),
        (TWO + "\nand that is all of it\n", False),
        (TWO + "root@n1:~# \n", False),
        (TWO + "-\n", True),
        (TWO + "- \n", True),
        (TWO + "- Addr", True),
        (TWO + "- Address: 10.0.0.3:19001\n", True),
        (TWO + "- Address: 10.0.0.3:19001\n  I", True),
        ("ID: 3297041220608546238\nAddress: 10.0.0.1:19001\nRole: 0\n", False),
    ],
)
def test_a_list_that_breaks_off_is_cut(text: str, cut: bool) -> None:
    (found,) = pasted_yaml(BytesBlob("paste.txt", f"root@n1:~# cat /v/cluster.yaml\n{text}".encode()))
    assert found.cut is cut
    assert found.host == "n1"


@pytest.mark.parametrize(
    ("command", "directory", "name"),
    [
        ("root@n1:/v/state# cat daemon.yaml", "/v/state", "daemon.yaml"),
        ("root@n1:/v/state/database# sudo cat ../daemon.yaml", "/v/state", "daemon.yaml"),
        ("root@n1:~# cat /v/state/daemon.yaml", "/v/state", "daemon.yaml"),
    ],
)
def test_daemon_yaml_is_known_by_its_command(command: str, directory: str, name: str) -> None:
    """Its two keys alone could be anything's."""
    text = "name: n1\naddress: 10.0.0.1:7443\nservers: {}\n"
    (found,) = pasted_yaml(BytesBlob("paste.txt", f"{command}\n{text}".encode()))
    assert (found.name, found.directory, found.host) == (name, directory, "n1")
    assert not list(pasted_yaml(BytesBlob("paste.txt", text.encode())))


def test_a_path_of_a_command_is_relative_to_the_prompt() -> None:
    text = "root@n1:/v/state# cat database/info.yaml\nAddress: 10.0.0.1:7443\nID: 7\nRole: 0\n"
    (found,) = pasted_yaml(BytesBlob("paste.txt", text.encode()))
    assert (found.name, found.directory) == ("info.yaml", "/v/state/database")


@pytest.mark.parametrize("before", ["> ", "\t", "    ", "\x1b[32m", "> > "])
def test_what_mail_and_terminals_put_before_lines_is_taken_away(before: str) -> None:
    """A tab before YAML is no YAML: the file on the machine had none, so nothing may be said of it."""
    text = "".join(f"{before}{line}\n" for line in TWO.splitlines())
    (found,) = pasted_yaml(BytesBlob("paste.txt", f"so this is it:\n{text}".encode()))
    parsed = parse_cluster(found.blob)
    assert parsed.value is not None
    assert [member.address for member in parsed.value.members] == ["10.0.0.1:19001", "10.0.0.2:19001"]
    assert not parsed.anomalies
    assert (found.blob.span().offset, found.blob.span().length) == (15, len(text.encode()) - 1)


def test_untouched_lines_keep_their_own_addresses() -> None:
    (found,) = pasted_yaml(BytesBlob("paste.txt", f"so this is it:\n{TWO}".encode()))
    parsed = parse_cluster(found.blob)
    assert parsed.value is not None
    assert parsed.value.members[1].at.offset > parsed.value.members[0].at.offset >= 15
