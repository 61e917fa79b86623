"""Two thousand secrets, in every place that can hold one: in no byte of a redacted copy, in no form."""

from __future__ import annotations

import base64
import gzip
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import lz4.frame
import pytest
from ahocorasick_rs import AhoCorasick

from forensics.cli import main
from tests.canaries.places import plant
from tests.canaries.secret import Planter

_BASE64 = re.compile(rb"[A-Za-z0-9+/]{16,}")
_NUMBER_DIGITS_MAX = 8  # of what may stay in a text: dates, ports, counts


def _bytes_of(folder: Path) -> Iterator[str]:
    """Names of files, contents, and contents decompressed and decoded."""
    for path in folder.rglob("*"):
        yield str(path.relative_to(folder))
        if path.is_file():
            yield from _decoded(path.read_bytes())


def _decoded(raw: bytes) -> Iterator[str]:
    """As it is; unpacked, where it is gzip (a tar within, too) or LZ4; and each stretch of base64."""
    yield raw.decode("latin-1")
    for found in _BASE64.finditer(raw):
        yield base64.b64decode(found[0][: len(found[0]) // 4 * 4]).decode("latin-1")
    for unpack in (gzip.decompress, lz4.frame.decompress):
        with suppress(RuntimeError, OSError, EOFError):
            yield from _decoded(unpack(raw))


def test_no_byte_of_a_copy_gives_one_away(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    planter = Planter()
    evidence = plant(tmp_path / "planted", planter)
    assert main(["redact", str(evidence), "-o", str(tmp_path / "out")]) == 0
    needles = [(needle, canary) for canary in planter.canaries for needle in canary.needles() if len(needle) > 6]
    finder = AhoCorasick([needle for needle, _ in needles])
    leaks: Counter[str] = Counter()
    for text in (*_bytes_of(tmp_path / "out"), *capsys.readouterr()):
        for number, start, end in finder.find_matches_as_indexes(text):
            needle, canary = needles[number]
            if len(needle) > _NUMBER_DIGITS_MAX or not needle.isdigit():
                leaks[f"{canary.where} ({canary.kind}): …{text[max(start - 40, 0) : end + 8]}…"] += 1
    assert not leaks
    assert len(planter.canaries) > 500
