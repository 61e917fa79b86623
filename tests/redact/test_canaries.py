"""Two thousand secrets, in every place that can hold one: in no byte of a redacted copy, in no form."""

from __future__ import annotations

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

_NUMBER_DIGITS_MAX = 8  # of what may stay in a text: dates, ports, counts


def _bytes_of(folder: Path) -> Iterator[str]:
    """Names of files, contents, and contents decompressed."""
    for path in folder.rglob("*"):
        yield str(path.relative_to(folder))
        if path.is_file():
            raw = path.read_bytes()
            yield raw.decode("latin-1")
            with suppress(RuntimeError):
                yield lz4.frame.decompress(raw).decode("latin-1")


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
