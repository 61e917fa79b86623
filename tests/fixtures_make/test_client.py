"""The wire client against bytes worked out by hand from dqlite's `tuple.c` and `message.h`."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator

import pytest

from fixtures.make.client import Client, DqliteError, Member


@pytest.fixture
def served() -> Iterator[tuple[socket.socket, str]]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server, f"127.0.0.1:{server.getsockname()[1]}"


def converse(server: socket.socket, answers: list[bytes], seen: list[bytes]) -> threading.Thread:
    """Accepts one client, swallows its handshake, then answers each request in turn."""

    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            connection.settimeout(5)
            seen.append(connection.recv(8))
            for answer in answers:
                seen.append(connection.recv(65536))
                connection.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    return thread


def message(kind: int, body: bytes) -> bytes:
    return struct.pack("<IBBH", len(body) // 8, kind, 0, 0) + body


def test_query_decodes_each_type_and_joins_parts(served: tuple[socket.socket, str]) -> None:
    server, address = served
    columns = struct.pack("<Q", 4) + b"".join(name.ljust(8, b"\0") for name in (b"i", b"t", b"b", b"n"))
    # four-bit type slots, low nibble first: integer 1, text 3 | blob 4, null 5
    row = b"\x31\x54" + bytes(6) + struct.pack("<q", -2) + b"text\0\0\0\0"
    row += struct.pack("<Q", 3) + b"\1\2\3" + bytes(5) + bytes(8)
    part, done = struct.pack("<Q", 0xEEEEEEEEEEEEEEEE), struct.pack("<Q", 0xFFFFFFFFFFFFFFFF)
    answers = [message(7, columns + row + part) + message(7, columns + row + done)]
    seen: list[bytes] = []
    thread = converse(server, answers, seen)
    with Client(address) as client:
        rows = client.query("SELECT ?", 7)
    thread.join(5)
    assert rows.columns == ("i", "t", "b", "n")
    assert rows.rows == ((-2, "text", b"\1\2\3", None),) * 2
    assert seen[0] == struct.pack("<Q", 1)
    # QUERY_SQL is 9: database 0, the text padded to 16, one parameter of type 1 padded to 8, the value
    body = bytes(8) + b"SELECT ?" + bytes(8) + b"\x01\x01" + bytes(6) + struct.pack("<q", 7)
    assert seen[1] == message(9, body)


def test_cluster_names_roles_in_the_wire_order(served: tuple[socket.socket, str]) -> None:
    server, address = served
    servers = b"".join(
        struct.pack("<Q", number) + b"1.2.3.4:9000".ljust(16, b"\0") + struct.pack("<Q", role)
        for number, role in ((1, 0), (2, 1), (2**64 - 1, 2))
    )
    thread = converse(server, [message(3, struct.pack("<Q", 3) + servers)], [])
    with Client(address) as client:
        members = client.cluster()
    thread.join(5)
    assert [member.role for member in members] == ["voter", "stand-by", "spare"]
    assert members[2] == Member(18446744073709551615, "1.2.3.4:9000", "spare")


def test_failure_is_an_error_with_its_code(served: tuple[socket.socket, str]) -> None:
    server, address = served
    thread = converse(server, [message(0, struct.pack("<Q", 10250) + b"not leader".ljust(16, b"\0"))], [])
    with Client(address) as client, pytest.raises(DqliteError, match="not leader") as caught:
        client.open("k8s")
    thread.join(5)
    assert caught.value.code == 10250
