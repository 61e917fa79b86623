"""Pseudonyms of names: as long as the name, of the same kinds of characters, and in the same order as the names.

The order has to stay, because the indexes of a database are sorted by its texts, and their pages are rewritten one by
one. So the names form a tree, letter by letter; at each of its nodes the letters that follow get others, in the same
order, chosen by the key. What that tells: how many names there are, how long they are, which begin alike, and about
where in the alphabet a name stands (docs/redact.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from forensics.redact.keyed import Key, increasing

_CLASSES = (
    range(0x30, 0x3A),  # digits
    range(0x41, 0x5B),
    range(0x61, 0x7B),
    range(0x80, 0xC0),  # from here on UTF-8: what continues a character, and what begins one of 2, 3 and 4 bytes
    range(0xC2, 0xE0),
    range(0xE1, 0xED),
    range(0xF1, 0xF4),
)
HEXADECIMAL = (range(0x30, 0x3A), range(0x41, 0x47), range(0x61, 0x67))
_TRIES_MAX = 8


class Names:
    """Collects names, then gives each its pseudonym.

    Args:
        key: chooses.
        about: what kind of names, so that equal ones of another kind get others.
        classes: of characters that may stand for each other; any other stays.
    """

    def __init__(self, key: Key, about: bytes, classes: Sequence[Sequence[int]] = _CLASSES) -> None:
        self._key = key
        self._classes = classes
        self._about = about
        self._pinned: dict[bytes, bool] = {}
        self._pseudonyms: dict[bytes, bytes] | None = None

    def __contains__(self, name: bytes) -> bool:
        """It is known, and not kept as it is."""
        return self._pinned.get(name) is False

    def of(self, name: bytes) -> bytes:
        """The pseudonym; before `settle` the name itself, which is remembered."""
        if self._pseudonyms is not None:
            return self._pseudonyms.get(name) or self._stranger(name)
        self._pinned.setdefault(name, False)
        return name

    def keep(self, name: bytes) -> bytes:
        """The name itself: it tells nothing, and others must not be taken for it."""
        if self._pseudonyms is None:
            self._pinned[name] = True
        return name

    def secret(self, text: bytes) -> bytes:
        """A text of the same looks, in no order."""
        return b"".join(self._tail(text, 0, b"secret"))

    def settle(self) -> None:
        """All names are known: choose. Tries anew where a name would stay as it is, which short ones at times must."""
        names = sorted(self._pinned)
        tries = (dict(self._choose(names, bytes([number]))) for number in range(_TRIES_MAX))
        best = min(((self._kept(one), number, one) for number, one in enumerate(tries)), key=lambda one: one[:2])
        self._pseudonyms = best[2]

    def pairs(self) -> Iterator[tuple[bytes, bytes]]:
        """Each name that is another in the copy, and its pseudonym."""
        yield from ((name, new) for name, new in (self._pseudonyms or {}).items() if name != new)

    def stayed(self) -> Iterator[bytes]:
        """Names that should go, and are the same in the copy: no other name of their length fits into the order."""
        yield from (name for name, new in (self._pseudonyms or {}).items() if name == new and name in self)

    def _kept(self, chosen: dict[bytes, bytes]) -> int:
        return sum(name == new for name, new in chosen.items() if name in self)

    def _stranger(self, name: bytes) -> bytes:
        """Of a name that was not collected: nothing is sorted by it."""
        return b"".join(self._tail(name, 0, b"stranger"))

    def _choose(self, names: Sequence[bytes], turn: bytes) -> Iterator[tuple[bytes, bytes]]:
        waiting: list[tuple[Sequence[bytes], bytes]] = [(names, b"")] if names else []
        while waiting:
            group, prefix = waiting.pop()
            at = len(prefix)
            if len(group) == 1:
                yield group[0], self._alone(group[0], prefix, turn)
                continue
            if len(group[0]) == at:
                yield group[0], prefix
                group = group[1:]
            waiting += self._next(group, prefix, turn)

    def _next(self, group: Sequence[bytes], prefix: bytes, turn: bytes) -> list[tuple[Sequence[bytes], bytes]]:
        at = len(prefix)
        below = {letter: list(names) for letter, names in groupby(group, lambda name: name[at])}
        fixed = [any(self._pinned[name] for name in names) for names in below.values()]
        choices = [(one,) if kept else self._like(one) for one, kept in zip(below, fixed, strict=True)]
        before = group[0][:at]
        new = increasing(choices, lambda n, room: self._key.below(room, self._about, turn, before, bytes([n])))
        return [(names, prefix + bytes([letter])) for names, letter in zip(below.values(), new, strict=True)]

    def _alone(self, name: bytes, prefix: bytes, turn: bytes) -> bytes:
        """The rest of a name that no other shares its beginning with: another one than it was, where it can be."""
        at = len(prefix)
        if self._pinned[name]:
            return prefix + name[at:]
        found = name
        for number in range(_TRIES_MAX):
            found = prefix + b"".join(self._tail(name, at, turn + bytes([number])))
            if found != name:
                break
        return found

    def _tail(self, name: bytes, at: int, turn: bytes) -> Iterator[bytes]:
        stream = b""
        for position in range(at, len(name)):
            if not stream:
                stream = self._key.digest(self._about, turn, name, position.to_bytes(4, "big"))
            like = self._like(name[position])
            yield bytes([like[stream[0] * len(like) >> 8]])
            stream = stream[1:]

    def _like(self, letter: int) -> Sequence[int]:
        """The characters that may stand for it, in order."""
        return next((one for one in self._classes if letter in one), (letter,))
