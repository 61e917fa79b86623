"""Write the lists of words that the gate knows: `python -m bench.vocabulary /usr/share/dict/american-english`.

English: SCOWL's list of common words (Debian's package wamerican). The rest: every word of the reference, of the
known messages, and of the system's names of errors and signals.
"""

from __future__ import annotations

import errno
import lzma
import os
import re
import signal
import sys
from collections.abc import Iterable
from pathlib import Path

from forensics.parsers.messages import MESSAGES

_ROOT = Path(__file__).resolve().parents[1]
_FOLDER = _ROOT / "forensics" / "masking"
_RUN = re.compile(r"[A-Za-z]+")
_PIECE = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def main(english: Path) -> None:
    """Both lists, one word a line, in small letters."""
    plain = _words([english.read_text(encoding="utf-8").replace("'s", "")])
    ours = _words(_texts()) - plain
    _write("english.txt.xz", plain)
    _write("messages.txt.xz", ours)


def _texts() -> Iterable[str]:
    for folder, pattern in (("docs/reference", "*.md"), ("docs/rules", "*.md"), ("tests/parsers", "*.txt")):
        for path in sorted((_ROOT / folder).glob(pattern)):
            yield path.read_text(encoding="utf-8")
    yield from (needle.decode() for message in MESSAGES for needle in message.needles)
    for number in errno.errorcode:
        yield f"{errno.errorcode[number]} {os.strerror(number)}"
    yield from (one.name for one in signal.Signals)


def _words(texts: Iterable[str]) -> set[str]:
    found = {run for text in texts for run in _RUN.findall(text)}
    found |= {piece for run in found for piece in _PIECE.findall(run)}
    return {word.lower() for word in found if len(word) > 1}


def _write(name: str, words: set[str]) -> None:
    text = "".join(f"{word}\n" for word in sorted(words))
    (_FOLDER / name).write_bytes(lzma.compress(text.encode("ascii"), preset=9 | lzma.PRESET_EXTREME))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
