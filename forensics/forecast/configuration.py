"""Decoding a configuration as the library does: which check comes first, and what happens past the end.

Source: canonical/raft src/configuration.c (configurationDecode, configurationAdd);
docs/reference/configurations.md#encoding.
"""

from __future__ import annotations

from dataclasses import dataclass

from forensics.forecast.reasons import Accident, AccidentKind, Undefined
from forensics.forecast.simulation import Code, Crashed, Ended, Run, Undetermined

_FORMAT = 1
_HEADER_BYTES = 9
_ROLES = frozenset({0, 1, 2})
VOTER = 1


@dataclass(frozen=True, slots=True)
class Member:
    """One server of a configuration, as decoded."""

    id: int
    address: bytes
    role: int


def decode_configuration(run: Run, data: bytes, behind: bytes | None = None) -> tuple[Member, ...]:
    """The members; fails with the library's code and no text.

    Releases trust the number of servers: past the end, they read whatever lies behind in memory.

    Args:
        run: the start.
        data: the encoded configuration.
        behind: what follows it in the same buffer (the rest of a segment); None for a buffer of its own, behind which
            nobody knows what lies: such a start may fail, crash, or go on with members that never were (measured).
    """
    if run.library.checks_configuration_bounds and len(data) < _HEADER_BYTES:
        raise run.fail(Code.MALFORMED)
    memory = _Memory(run, data, behind)
    if memory.byte() != _FORMAT:
        raise run.fail(Code.MALFORMED)
    members: list[Member] = []
    for _ in range(memory.word()):
        identity = memory.word()
        address = memory.text()
        if address is None:
            raise _failed(run, members, Code.MALFORMED, behind)
        role = memory.byte()
        code = _refusal(run, members, identity, address, role)
        if code is not None:
            raise _failed(run, members, code, behind)
        members.append(Member(identity, address, role))
    return tuple(members)


def _failed(run: Run, members: list[Member], code: Code, behind: bytes | None) -> Ended:
    """How a malformed configuration ends: from a log entry, some versions free what was read of it twice."""
    if members and behind is not None and run.library.closes_configuration_twice:
        return Crashed(Accident(AccidentKind.CONFIGURATION_FREED_TWICE))
    return run.fail(Code.MALFORMED if run.library.unified_configuration_errors else code)


def _refusal(run: Run, members: list[Member], identity: int, address: bytes, role: int) -> Code | None:
    run.must(identity != 0, "id != 0")
    if role not in _ROLES:
        return Code.BADROLE
    for member in members:
        if member.id == identity:
            return Code.DUPLICATEID
        if member.address == address:
            return Code.DUPLICATEADDRESS
    return None


class _Memory:
    """A buffer from malloc, and what is likely to lie behind it."""

    def __init__(self, run: Run, data: bytes, behind: bytes | None) -> None:
        self._run = run
        self._data = data
        self._at = 0
        self._behind = behind

    def byte(self) -> int:
        self._at += 1
        return self._peek(self._at - 1)

    def word(self) -> int:
        self._at += 8
        return sum(self._peek(self._at - 8 + place) << 8 * place for place in range(8))

    def text(self) -> bytes | None:
        """Up to the next NUL. The search ends with the buffer, unless it starts behind it."""
        if self._at > len(self._data):
            self._peek(self._at)
            self._at += 1
            return b""
        end = self._data.find(b"\0", self._at)
        if end < 0:
            return None
        found = self._data[self._at : end]
        self._at = end + 1
        return found

    def _peek(self, at: int) -> int:
        if at < len(self._data):
            return self._data[at]
        if self._run.library.checks_configuration_bounds:
            raise self._run.fail(Code.MALFORMED)
        self._run.undefined = Undefined.CONFIGURATION_SERVERS
        if self._behind is None:
            raise Undetermined
        behind = at - len(self._data)
        return self._behind[behind] if behind < len(self._behind) else 0
