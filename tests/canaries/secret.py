"""Secrets made for the tests, each once: what is planted, and every form in which an output could give it away."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle

_LETTERS = string.ascii_letters + string.digits
_GUESSABLE_CHARS_MAX = 40  # of a longer random text a digest tells nothing
_PART_CHARS = 12  # so much of a random text names it


@dataclass(frozen=True, slots=True)
class Canary:
    """A secret, and the place that it was planted in; `parts` of it are secret by themselves."""

    where: str
    kind: str
    text: str
    parts: tuple[str, ...]

    def needles(self) -> Iterator[str]:
        """As it is, in hex, in base64 at each of the three offsets, its words as numbers, and its digests where it
        could be guessed.
        """
        yield from (self.text, *self.parts)
        raw = self.text.encode()
        yield from (raw.hex(), raw.hex(" "), raw[:_PART_CHARS].hex(), raw[:_PART_CHARS].hex(" "))
        for offset in range(3):
            yield base64.b64encode(bytes(offset) + raw).decode()[4:-4]
        for at in range(len(raw) - 7):
            yield str(int.from_bytes(raw[at : at + 8], "little"))
        if len(self.text) < _GUESSABLE_CHARS_MAX:
            yield from _digests(raw)


def _digests(raw: bytes) -> Iterator[str]:
    for content in (raw, raw + b"\n"):
        for name in ("sha256", "sha1", "md5"):
            digest = hashlib.new(name, content, usedforsecurity=False).hexdigest()
            yield digest[:_PART_CHARS]
            yield f" {digest[:8]}]"  # as it stands behind the length of what is masked


def _random_text(source: random.Random, chars: int, letters: str = _LETTERS) -> str:
    return "".join(source.choice(letters) for _ in range(chars))


def _jwt(source: random.Random) -> str:
    head = base64.urlsafe_b64encode(b'{"alg":"RS256","typ":"JWT"}').decode().rstrip("=")
    return f"{head}.{_random_text(source, 40)}.{_random_text(source, 43)}"


def _join_token(source: random.Random) -> str:
    """As LXD's, Incus' and microcluster's: JSON in base64."""
    told = {"server_name": "n4", "fingerprint": source.randbytes(32).hex(), "addresses": ["10.0.0.1:8443"]}
    return base64.b64encode(json.dumps(told | {"secret": source.randbytes(32).hex()}).encode()).decode()


ANYWHERE: dict[str, Callable[[random.Random], str]] = {
    "hex": lambda source: source.randbytes(16).hex(),
    "base64": lambda source: base64.b64encode(source.randbytes(32)).decode(),
    "letters": lambda source: "x9K" + _random_text(source, 13),
    "kubeadm": lambda source: f"{source.randbytes(3).hex()}.{source.randbytes(8).hex()}",
    "jwt": _jwt,
    "join token": _join_token,
    "microk8s": lambda source: f"{source.randbytes(16).hex()}/{source.randbytes(6).hex()}",
    "k3s": lambda source: f"K10{source.randbytes(32).hex()}::server:{source.randbytes(16).hex()}",
    "signs": lambda source: "x9$K" + _random_text(source, 10, _LETTERS + "!$%^&*"),
}
"""Random texts, which nobody would take for a word: by their looks alone they must not be shown anywhere."""

_NOUNS = ("velvet", "harbour", "walnut", "lantern", "meadow", "copper", "violin", "marble")
CHOSEN: dict[str, Callable[[random.Random], str]] = {
    "phrase": lambda source: f"{source.choice(_NOUNS)}-{source.choice(_NOUNS)}-{source.randrange(10**6, 10**7)}",
    "word": lambda source: f"{source.choice(_NOUNS)}{source.randrange(10**6, 10**7)}",
}
"""Texts that people choose: told only by what stands before them."""


class Planter:
    """Makes canaries, and knows all that it made."""

    def __init__(self, seed: int = 14) -> None:
        self._source = random.Random(seed)  # noqa: S311 - the same in every run
        self._kinds = {"anywhere": cycle(ANYWHERE), "behind a name": cycle([*CHOSEN, *ANYWHERE])}
        self.canaries: list[Canary] = []

    def new(self, where: str, *, named: bool = False) -> str:
        """The next kind of text; also one that is told by its position alone, where it is `named`."""
        return self.of(next(self._kinds["behind a name" if named else "anywhere"]), where)

    def of(self, kind: str, where: str) -> str:
        """One of that kind."""
        text = {**ANYWHERE, **CHOSEN}[kind](self._source)
        parts = (
            (text[-7:],) if kind in CHOSEN else (text[:_PART_CHARS] * (kind in _RANDOM_AT_ONCE), text[-_PART_CHARS:])
        )
        self.canaries.append(Canary(where, kind, text, tuple(filter(None, parts))))
        return text

    def blanks(self, where: str) -> str:
        """Several words, for between quotes."""
        words = (self._source.choice(_NOUNS), self._source.choice(_NOUNS), str(self._source.randrange(10**6, 10**7)))
        self.canaries.append(Canary(where, "words", " ".join(words), words[2:]))
        return " ".join(words)


_RANDOM_AT_ONCE = ("hex", "base64", "letters", "microk8s", "signs")
