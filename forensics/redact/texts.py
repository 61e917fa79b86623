"""Texts with pseudonyms in them: strictly, where a field holds names and values, and as prose, where people read.

In a field all goes that is no number, no time, and no word of words.py. In prose the words of the language and of
dqlite's messages stay as well (forensics/masking), unless the evidence uses one as the name of a host or member.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache

from forensics.masking.words import is_known, is_of_messages
from forensics.parsers.messages import MESSAGES
from forensics.redact.addresses import Addresses
from forensics.redact.keyed import Key
from forensics.redact.names import Names
from forensics.redact.words import KEPT

_DIGITS_KEPT = 8  # of a number in a field: dates, ports, counts; a longer one can be somebody's
_CHARS_MIN = 2  # of a name that is looked for in prose
_LETTER = rb"A-Za-z0-9\x80-\xff"
_UNIT = rb"(?:[num\xb5]?s|min|[mhdBbKMGTP%]|[kKMGT]i?[Bb])"
_FORMS = (
    ("v4", rb"(?<![%b])(?<!\d\.)(?:\d{1,3}\.){3}\d{1,3}(?![%b])" % (_LETTER, _LETTER)),
    (  # with one of A to F, as Windows and switches write them: digits alone are a time, or a number
        "mac",
        rb"(?<![%b:])(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}(?![%b:])"
        rb"|(?<![%b.-])(?=[\d.-]*[A-Fa-f])(?:(?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4})"
        rb"(?![%b-]|\.[%b])" % (_LETTER, _LETTER, _LETTER, _LETTER, _LETTER),
    ),
    (  # in names of hosts: ip-10-0-0-1
        "dashed",
        rb"(?<![%b])(?<!\d[-_])(?:(?:\d{1,3}-){3}|(?:\d{1,3}_){3})\d{1,3}(?![%b]|[-_]\d)" % (_LETTER, _LETTER),
    ),
    ("mapped", rb"(?<![%b:.])::[Ff]{4}:(?=\d{1,3}\.)" % _LETTER),  # of an IPv4 address, which follows
    ("v6", rb"(?<![%b:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![%b:.])" % (_LETTER, _LETTER)),
    (
        "kept",
        rb"(?<![%b])(?:"
        rb"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[-+]\d\d:?\d\d)?)?"
        rb"|\d{1,2}:\d\d(?::\d\d(?:\.\d{1,9})?)?Z?"
        rb"|(?:\d{1,12}(?:\.\d{1,9})?%b){1,4}"
        rb"|[IWEF]\d{4}"  # how klog begins its lines
        rb"|(?:eth|ens|eno)\d{1,4}|enp\d{1,3}s\d{1,3}|[sv]d[a-z]\d{0,3}|nvme\d{1,2}n\d{1,2}(?:p\d{1,3})?"  # devices
        rb"|[-dlcbps](?:[-r][-w][-xsStT]){3}"
        rb"|v?\d{1,4}(?:\.\d{1,6}){1,3}(?:[-+~](?:rc|alpha|beta|git|snap|ds|ubuntu|\d{1,3}ubuntu|k3s)?[0-9.]{0,12})*"
        rb")(?![%b])" % (_LETTER, _UNIT, _LETTER),
    ),
    ("name", rb"[%b]+" % _LETTER),
)
# What is somebody's in a line for people, too: paths and names of Kubernetes' objects, and addresses of mail, but for
# units of systemd that look like one (getty@tty1.service).
_SOMEBODYS = (
    rb"/(?:registry|apis?)/[^\s\"'`?#,;)\]}]+"
    rb"|=\\?\"[a-z0-9][a-z0-9.-]*/[a-z0-9][a-z0-9.-]*\\?\""
    rb"|(?<![%b.+%%])[%b.+%%]+@(?:[A-Za-z][A-Za-z0-9-]*\.)+(?!(?:service|socket|mount|device|timer|target|slice|scope|path)\b)[A-Za-z]{2,}"
    % (_LETTER, _LETTER)
)
_IN_PROSE = re.compile(_SOMEBODYS)
_TOKEN = re.compile(b"|".join(b"(?P<%b>%b)" % (name.encode(), form) for name, form in _FORMS))
_PIECE = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^A-Za-z0-9]+")
_WORD_CHARS_MIN = 2  # of a part of a word in capitals and small letters: `n1` is a name


class Texts:
    """One for all of an input: first collects what there is, then, once settled, replaces it.

    Attributes:
        counts: what was replaced, by kind.
        certificate: gives the new one for one in PEM, or None; whoever makes certificates sets it.
    """

    def __init__(self, key: Key, keep: re.Pattern[bytes] | None = None) -> None:
        self.key = key
        self.counts: Counter[str] = Counter()
        self.certificate: Callable[[bytes], bytes | None] = lambda _: None
        self._names = Names(key, b"names")
        self._addresses = of = Addresses(key)
        self._of_kind = {"v4": of.v4, "dashed": of.dashed, "mac": of.mac, "v6": of.v6}
        self._kept: set[bytes] = set()
        self._identities: set[bytes] = set()
        self._in_prose = _IN_PROSE
        self._keep = keep
        self._remembered: dict[bytes, bytes] = {}
        self._settled = False

    def settle(self) -> None:
        """Everything was collected: from now on it is replaced."""
        self._names.settle()
        self._addresses.settle()
        self._settled = True
        self.counts.clear()
        found = sorted(self._identities, key=lambda name: (-len(name), name))
        if found:
            pattern = b"|".join(map(re.escape, found))
            self._in_prose = re.compile(rb"%b|(?<![%b])(?:%b)(?![%b])" % (_SOMEBODYS, _LETTER, pattern, _LETTER))

    @property
    def settled(self) -> bool:
        """It replaces."""
        return self._settled

    def identity(self, name: bytes) -> None:
        """The name of a host or a member, which goes from prose as well, even where it is a word."""
        word = name.decode("ascii", "replace")
        if len(name) < _CHARS_MIN or _tells_nothing(name) or name.isdigit() or is_of_messages(word):
            return
        self.named(name)

    def named(self, name: bytes) -> None:
        """A name that goes everywhere, whatever it is."""
        if not self._settled:
            self.strict(name)
            self._identities.add(name)

    def strict(self, text: bytes) -> bytes:
        """A field's text."""
        if not self._settled:
            return self._replaced(text, self._of_field)
        found = self._remembered.get(text)
        if found is None:
            found = self._replaced(text, self._of_field)
            if len(self._remembered) < _REMEMBERED_MAX:
                self._remembered[text] = found
        return found

    def prose(self, text: bytes) -> bytes:
        """A line for people."""
        return self._around_names(text, self._of_prose)

    def path(self, text: bytes) -> bytes:
        """A part of a path: as prose, but long numbers go, which in a line are ids of raft."""
        return self._around_names(text, self._of_path)

    def _around_names(self, text: bytes, word: Callable[[bytes], bytes]) -> bytes:
        done, at = [], 0
        for found in self._in_prose.finditer(text):
            if not (user := found[0].partition(b"@")[0]).isalpha() and b"@" in found[0]:
                self.identity(user)  # a name with a sign in it; `root` is none
            done += [self._replaced(text[at : found.start()], word), self.strict(found[0])]
            at = found.end()
        return b"".join((*done, self._replaced(text[at:], word)))

    def keep(self, name: bytes) -> None:
        """A name that stays in fields: one that the schema of a database tells anyway."""
        if not self._settled:
            for atom in _NAME.findall(name):
                self._kept.add(self._names.keep(atom))

    def secret(self, text: bytes) -> bytes:
        """What stands where a secret stands: all of it goes, numbers and words too."""
        if self._settled:
            self.counts["secrets"] += 1
        return self._names.secret(text) if self._settled else text

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Each original with its pseudonym, for whoever owns the evidence."""
        for name, new in self._names.pairs():
            yield name.decode("utf-8", "backslashreplace"), new.decode("utf-8", "backslashreplace")
        yield from self._addresses.pairs()

    def stayed(self) -> list[str]:
        """Names and addresses that should go, and stay: the order of indexes leaves no other."""
        names = (name.decode("utf-8", "backslashreplace") for name in self._names.stayed())
        return sorted((*names, *self._addresses.stayed()))

    def _replaced(self, text: bytes, word: Callable[[bytes], bytes]) -> bytes:
        def new(found: re.Match[bytes]) -> bytes:
            kind, old = found.lastgroup, found[0]
            if self._keep is not None and self._keep.fullmatch(old):
                return self._names.keep(old)
            if kind in self._of_kind:
                address = self._of_kind[kind](old)
                return self._counted("addresses", old, address) if address else self._parts(old, word)
            return self._names.keep(old) if kind in ("kept", "mapped") else word(old)

        return _TOKEN.sub(new, text)

    def _parts(self, text: bytes, word: Callable[[bytes], bytes]) -> bytes:
        """What looked like an address, and is none."""
        return _NAME.sub(lambda found: word(found[0]), text)

    def _of_field(self, name: bytes) -> bytes:
        if _tells_nothing(name) or name in self._kept:
            return self._names.keep(name)
        return self._counted("names", name, self._names.of(name))

    def _of_path(self, name: bytes) -> bytes:
        return self._of_field(name) if name.isdigit() else self._of_prose(name)

    def _of_prose(self, name: bytes) -> bytes:
        if _is_plain(name):
            return name
        return _ASCII.sub(lambda one: self._of_prose(one[0]), name) if _has_signs(name) else self._of_field(name)

    def _counted(self, kind: str, old: bytes, new: bytes) -> bytes:
        if self._settled and old != new:
            self.counts[kind] += 1
        return new


def _tells_nothing(name: bytes) -> bool:
    """A short number, a word of words.py, or what somebody took out already."""
    return (name.isdigit() and len(name) <= _DIGITS_KEPT) or name.lower() in KEPT or not name.lower().strip(b"x")


def _is_plain(name: bytes) -> bool:
    """A number, or made of known words: `readyForConnections`, `node1`; not `n1`."""
    if name.isdigit() or len(name) == 1 or _tells_nothing(name) or _POINTER.fullmatch(name):
        return True
    if not name.isascii():
        return False
    text = name.decode("ascii")
    return is_known(text) or text.lower() in _of_messages() or _is_of_words(_PIECE.findall(text))


def _is_of_words(pieces: list[str]) -> bool:
    """Known words and one number: of more numbers and short words a text in hex is made by chance."""
    words = [piece for piece in pieces if not piece.isdigit()]
    return len(pieces) - len(words) <= 1 and all(len(word) >= _WORD_CHARS_MIN and is_known(word) for word in words)


def _has_signs(name: bytes) -> bool:
    """Lines and arrows stand in it, and no letters but those of ASCII."""
    text = name.decode("utf-8", "replace")
    return not name.isascii() and all(letter.isascii() or not letter.isalnum() for letter in text)


@cache
def _of_messages() -> frozenset[str]:
    """The words by which messages are recognised: a reader of the copy recognises them, too."""
    texts = (message.pattern.pattern for message in MESSAGES)
    needles = (needle.decode("utf-8", "replace") for message in MESSAGES for needle in message.needles)
    return frozenset(word.lower() for text in (*texts, *needles) for word in _WORD.findall(text))


_WORD = re.compile(r"[A-Za-z0-9]{3,}")
_NAME = re.compile(rb"[%b]+" % _LETTER)
_POINTER = re.compile(rb"0x[0-9a-f]{1,16}")
_ASCII = re.compile(rb"[A-Za-z0-9]+")
_REMEMBERED_MAX = 1 << 18
