"""What a text without blanks looks like: something that names a thing, or something that nobody would take for a name.

Harmless by its looks: a number, a time, an address, a path, the name of a raft file, a UUID, a known word, and
identifiers, in which letters and digits take few turns. What is left looks random, as keys, tokens and made passwords
do.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from forensics.masking.words import is_known

_WHOLE = re.compile(
    r"[\W_]*"
    r"|[-+]?\d{1,20}(?:[.,:]\d{1,12}){0,4}[A-Za-z%\u00b5]{0,5}"  # numbers, sizes, versions, times of a day, IPv4
    r"|(?:\d{1,6}(?:\.\d{1,9})?(?:ns|[mu\u00b5]s|[hms])){1,6}"  # 1h2m3.5s
    r"|0x[0-9a-fA-F]{1,16}"
    r"|\d{4}-\d\d-\d\d(?:T[\d:.,]{5,24}(?:Z|[-+]\d\d:?\d\d)?)?"
    r"|\[?[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}(?:%\w{1,15})?\]?(?::\d{1,5}|/\d{1,3})?"  # IPv6
    r"|(?:[0-9a-fA-F]{2}:){5,31}[0-9a-fA-F]{2}"  # hardware addresses, fingerprints
    r"|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"  # UUID
    r"|sha256:[0-9a-f]{12,64}"  # an image
    r"|\d{1,4}(?:\.\d{1,6}){1,3}\+(?:snap|git)[0-9a-f]{7,12}"  # the version of a snap
)
_QUANTITY = re.compile(r"\d{1,20}(?:[kKMGTP]i?)?B")  # `total-vm:9114528kB` of the kernel
_RUN = re.compile(r"[A-Za-z0-9]+")
_PIECE = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_BETWEEN_WORDS = re.compile(r"[\s/=:.,_\-()\[\]{}<>|\"'`;]+")
_SIGNS = re.compile(r"[!$%^&*#~?@+\\]")
_HEX = re.compile(r"[0-9a-f]+|[0-9A-F]+")
_UNSPEAKABLE = re.compile(r"[b-df-hj-np-tv-xz]{6}", re.IGNORECASE)
_TOKEN = re.compile(r"eyJ[A-Za-z0-9_-]{8}|(?<![a-z0-9])[a-z0-9]{6}\.[a-z0-9]{16}(?![a-z0-9])")  # JSON's; kubeadm's
_ENDS = "\\\"'`.,:;!?()[]{}"
_DIGITS_MAX = 20  # of a 64-bit number
_HEX_CHARS_MAX = 16  # a 64-bit number, the short form of a digest, a commit, a container; a token has more
_MIXED_CHARS_MAX = 10  # letters and digits by turns: the end of a pod's name has up to 10
_SHORT_CHARS = 4  # anything so short names a thing
_WORD_CHARS_MIN = 3  # of a word that tells a text from chance
_WORD_CHARS_MAX = 24  # of a word that is in no list
_UNKNOWN_CHARS_MAX = 40  # of all that is in no list, in one text without blanks
_TURNS_MAX = 2  # of an identifier with capitals and digits whose parts are in no list


@lru_cache(maxsize=1 << 16)
def looks_random(text: str) -> bool:
    """Nothing that names a thing is written so. `text` has no blanks."""
    if _WHOLE.fullmatch(text):
        return False
    runs = _RUN.findall(text)
    unknown = sum(len(run) for run in runs if not (run.isdigit() or _is_one_letter(run) or _is_made_of_words(run)))
    return (
        unknown > _UNKNOWN_CHARS_MAX
        or _TOKEN.search(text) is not None
        or any(map(_is_random, runs))
        or any(map(_is_broken_by_signs, _BETWEEN_WORDS.split(text)))
    )


def is_word(text: str) -> bool:
    """One known word, or none at all: nothing that somebody made up to keep it secret."""
    word = text.strip(_ENDS)
    return not word or (word.isalpha() and is_known(word))


def _is_one_letter(run: str) -> bool:
    """Again and again, as somebody names a file; but for A, which is how base64 writes zeros."""
    return len(set(run)) == 1 and run[0] != "A"


def _is_made_of_words(run: str) -> bool:
    """Most of its letters are of words that are known, and the others stand alone."""
    pieces = _PIECE.findall(run)
    words = sum(len(piece) for piece in pieces if len(piece) >= _WORD_CHARS_MIN and is_known(piece))
    return is_known(run) or (2 * words >= len(run) and all(len(piece) == 1 or _is_told(piece) for piece in pieces))


def _is_random(run: str) -> bool:
    """Of letters and digits alone."""
    if run.isdigit():
        return len(run) > _DIGITS_MAX
    if _QUANTITY.fullmatch(run):
        return False
    if len(run) <= _SHORT_CHARS or _is_one_letter(run):
        return False
    if _HEX.fullmatch(run) and any(map(str.isdigit, run)):
        return len(run) > _HEX_CHARS_MAX
    if _is_made_of_words(run):
        return False
    pieces = _PIECE.findall(run)
    if len(pieces) <= 2:
        return not all(map(_could_be_a_word, pieces))
    if run.islower() or run.isupper():
        return len(run) > _MIXED_CHARS_MAX
    turns: int = sum(one.isdigit() != other.isdigit() for one, other in pairwise(pieces))
    return turns + sum(not _is_told(piece) for piece in pieces) > _TURNS_MAX


def _is_broken_by_signs(part: str) -> bool:
    """Random, with signs in it that join no words: as passwords are made."""
    joined = "".join(_RUN.findall(part))
    return not joined.isdigit() and _SIGNS.search(part) is not None and _is_random(joined)


def _is_told(piece: str) -> bool:
    return piece.isdigit() or is_known(piece)


def _could_be_a_word(piece: str) -> bool:
    speakable = len(piece) <= _MIXED_CHARS_MAX or not _UNSPEAKABLE.search(piece)
    return _is_told(piece) or (len(piece) <= _WORD_CHARS_MAX and speakable)
