"""Decoding a configuration as the library does: which check comes first, and what happens past the end.

Source: canonical/raft src/configuration.c (configurationDecode, configurationAdd); FACTS 1.6.
"""

from __future__ import annotations

from dataclasses import dataclass

from forensics.forecast.run import Code, Run

_FORMAT = 1
_ROLES = frozenset({0, 1, 2})
VOTER = 1


@dataclass(frozen=True, slots=True)
class Member:
    """One server of a configuration, as decoded."""

    id: int
    address: bytes
    role: int


def decode_configuration(run: Run, data: bytes) -> tuple[Member, ...]:
    """The members; fails with the library's code and no text.

    The number of servers is trusted: past the end, the library reads whatever lies behind in memory. There the model
    assumes what a fresh heap holds: a word of the allocator where the buffer fills its chunk, then zeros.
    """
    memory = _Memory(run, data)
    if memory.byte() != _FORMAT:
        raise run.fail(Code.MALFORMED)
    members: list[Member] = []
    for _ in range(memory.word()):
        identity = memory.word()
        address = memory.text()
        if address is None:
            raise run.fail(Code.MALFORMED)
        role = memory.byte()
        code = _refusal(run, members, identity, address, role)
        if code is not None:
            raise run.fail(Code.MALFORMED if run.library.unified_configuration_errors else code)
        members.append(Member(identity, address, role))
    return tuple(members)


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

    def __init__(self, run: Run, data: bytes) -> None:
        self._run = run
        self._data = data
        self._at = 0
        # Chunks hold 24 + 16n bytes: one that is full is followed at once by the size word of the next chunk.
        self._behind = b"\x01" if len(data) >= 24 and len(data) % 16 == 8 else b""

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
        self._run.undefined = "a configuration claims more than it holds: the library reads memory behind its buffer"
        behind = at - len(self._data)
        return self._behind[behind] if behind < len(self._behind) else 0
