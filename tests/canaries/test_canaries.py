"""Five hundred secrets, in every place that can hold one: in no output of any command, in no form.

What stands for a secret: tests/canaries/secret.py; where: places.py; how it is written: forms.py; what is run:
commands.py. A new command that is in none of its tables fails here.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from ahocorasick_rs import AhoCorasick

from forensics.cli import main
from tests.canaries.commands import GIVES_DATA, left_behind, names, runs
from tests.canaries.places import plant
from tests.canaries.secret import Canary, Planter

_ENCODED = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}")
_COMPRESSED = {b"\x1f\x8b": 31, b"\x78\x9c": 15, b"\x78\xda": 15}
_ENDED_WELL = (0, 1, 2, 3, 4)


@dataclass(frozen=True)
class Planted:
    """The evidence, a folder for what commands write, and what to look for."""

    evidence: Path
    scratch: Path
    owners: tuple[Canary, ...]
    finder: AhoCorasick

    def leaks(self, output: str) -> list[str]:
        """Where each secret was planted that the output gives away, and as what."""
        found: Counter[str] = Counter()
        for shown in (output, *_decoded(output)):
            for number, start, end in self.finder.find_matches_as_indexes(shown):
                owner = self.owners[number]
                found[f"{owner.where} ({owner.kind}): …{shown[max(start - 40, 0) : end + 8]}…"] += 1
        return sorted(found)


def _decoded(output: str) -> Iterator[str]:
    """What stands in it in base64, unpacked where it is compressed."""
    for encoded in set(_ENCODED.findall(output)):
        with suppress(ValueError):
            raw = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=None)
            if raw[:2] in _COMPRESSED:
                with suppress(zlib.error):
                    raw = zlib.decompressobj(_COMPRESSED[raw[:2]]).decompress(raw)
            yield raw.decode("latin-1")


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    folder = tmp_path_factory.mktemp("canaries")
    planter = Planter()
    evidence = plant(folder, planter)
    needles = [(needle, canary) for canary in planter.canaries for needle in canary.needles() if len(needle) > 6]
    finder = AhoCorasick([needle for needle, _ in needles])
    scratch = tmp_path_factory.mktemp("written")
    main(["analyze", str(evidence), "--json", str(scratch / "report.json"), "-q", "--fail-on", "never"])
    return Planted(evidence, scratch, tuple(canary for _, canary in needles), finder)


def test_there_are_five_hundred_and_more(planted: Planted) -> None:
    texts = {canary.text for canary in planted.owners}
    assert len(texts) > 500
    files = [path for path in planted.evidence.parent.rglob("*") if path.is_file()]
    held = b"\n".join([path.read_bytes() for path in files]) + "\n".join(map(str, files)).encode()
    assert sum(text.encode() in held for text in texts) > 500  # the others are in compressed files


def test_every_command_is_run_or_excused(planted: Planted) -> None:
    assert set(names()) == set(GIVES_DATA) | set(runs(planted.evidence, planted.scratch))


@pytest.mark.parametrize("command", sorted(set(names()) - set(GIVES_DATA)))
def test_no_output_gives_one_away(command: str, planted: Planted, capsys: pytest.CaptureFixture[str]) -> None:
    leaks = []
    for words in runs(planted.evidence, planted.scratch)[command]:
        assert main([command, *words]) in _ENDED_WELL, words
        out, err = capsys.readouterr()
        leaks += planted.leaks(out) + planted.leaks(err)
    for text in left_behind(planted.scratch):
        leaks += planted.leaks(text)
    assert not leaks
