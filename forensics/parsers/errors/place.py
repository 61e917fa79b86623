"""What the wrappers of a chain tell: what was being done, and to whom."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import cache

from forensics.parsers.errors.grammar import words_of


class Operation(StrEnum):
    """What was being done. The innermost wrapper that tells one is taken."""

    DIAL = "dial"
    LOOK_UP = "look-up"
    LISTEN = "listen"
    JOIN = "join"
    BOOTSTRAP = "bootstrap"
    REMOVE = "remove"
    RECOVER = "recover"
    ELECT = "elect"
    FIND_LEADER = "find-leader"
    SCHEMA = "schema"
    QUERY = "query"
    SNAPSHOT = "snapshot"
    LOAD = "load"
    APPEND = "append"
    OPEN = "open"
    READ = "read"
    WRITE = "write"
    CONFIGURE = "configure"
    UPGRADE = "upgrade"
    START = "start"
    STOP = "stop"


_WORDS: tuple[tuple[Operation, tuple[str, ...]], ...] = (
    (Operation.LISTEN, ("listen", "bind")),
    (Operation.LOOK_UP, ("lookup",)),
    (
        Operation.FIND_LEADER,
        ("find leader", "leader server", "connect leader", "wait leader", "get leader", "no leader"),
    ),
    (Operation.DIAL, ("dial", "connect", "handshake", "connection")),
    (Operation.JOIN, ("join", "add node cluster", "add member", "add server")),
    (Operation.BOOTSTRAP, ("bootstrap", "init cluster", "initialize cluster")),
    (Operation.REMOVE, ("remove node", "remove member", "remove server", "leave cluster", "evict")),
    (Operation.RECOVER, ("recover", "reconfigure")),
    (Operation.ELECT, ("election", "vote", "elect")),
    (Operation.SCHEMA, ("schema", "migrat", "patch")),
    (Operation.SNAPSHOT, ("snapshot",)),
    (Operation.LOAD, ("load",)),
    (Operation.APPEND, ("append", "replicat")),
    (
        Operation.QUERY,
        ("query", "exec", "select", "transaction", "commit", "range", "insert", "update row", "statement"),
    ),
    (Operation.WRITE, ("write", "save", "create file", "fsync", "sync", "allocate", "rename")),
    (Operation.START, ("ready",)),
    (Operation.READ, ("read", "stat", "parse", "unmarshal", "decode")),
    (Operation.OPEN, ("open",)),
    (Operation.CONFIGURE, ("configur", "role", "promote", "assign")),
    (Operation.UPGRADE, ("upgrade", "refresh")),
    (Operation.STOP, ("stop", "shutdown", "shut down")),
    (Operation.START, ("start", "create", "run", "launch")),
)
_PEER = re.compile(
    r"(?<![\w.-])(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-fA-F:]{2,45}\]|[a-zA-Z][\w.-]{0,252})"
    r":(?P<port>\d{2,5})(?![\w.])"
)
_FILE = re.compile(
    r"(?<![\w.@+/-])/(?:[\w.@+-]+/)*(?P<name>[\w.@+-]+)|\b(?P<raft>\d{16}-\d{16}|open-\d+|snapshot-\d+-\d+-\d+(?:\.meta)?"
    r"|metadata[12]|(?:info|cluster|daemon|init)\.yaml)\b"
)
_OF_SOURCE = re.compile(r"\.(?:c|go|rs|py):")  # a line of a program, no port
_URL = re.compile(r"\b[a-z]+://\S+")
_EVERY_ADDRESS = ("0.0.0.0:", "[::]:")
_FUNCTION = re.compile(
    r"(?:\b(?P<file>[\w/]{1,200}\.c):\d+:? ?)?\b(?P<function>[A-Za-z_]\w{3,60})(?=:? Assertion|\(\): Assertion)"
)


def operation_of(links: Iterable[str]) -> Operation | None:
    """Of the innermost wrapper that tells one; links outermost first."""
    for link in reversed(list(links)):
        said = words_of(link)
        for operation, words in _operations():
            if all(any(one.startswith(word) for one in said) for word in words):
                return operation
    return None


def peer_of(links: Iterable[str]) -> str | None:
    """The last `address:port` that the chain names: whom it was that did not answer."""
    found = [match[0] for link in links for match in _PEER.finditer(link) if not _OF_SOURCE.search(match[0])]
    dialled = [peer for peer in found if not peer.startswith(_EVERY_ADDRESS)]
    return dialled[-1] if dialled else None


def file_of(links: Iterable[str]) -> str | None:
    """The last file that the chain names, without its folders."""
    found = [match["name"] or match["raft"] for link in links for match in _FILE.finditer(_URL.sub(" ", link))]
    return found[-1] if found else None


def function_of(text: str) -> str | None:
    """Of a failed assertion the function that it is in."""
    found = _FUNCTION.search(text)
    return found["function"] if found else None


@cache
def _operations() -> tuple[tuple[Operation, tuple[str, ...]], ...]:
    return tuple((operation, tuple(text.split())) for operation, texts in _WORDS for text in texts)
