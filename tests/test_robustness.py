"""Damage of any kind, anywhere: an answer; never an exception, a broken rule, or a report that cannot be written."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from random import Random

import pytest

from forensics import pipeline
from forensics.check.build import build, write
from forensics.check.tree import File, Tree, tar_of
from forensics.evidence import BytesBlob
from forensics.ingest.source import Source
from forensics.report.document import Document
from forensics.report.html import render_html
from forensics.report.json_text import render_json
from forensics.report.stored import parse_report
from forensics.report.text import render_text
from tests.fixtures import fixture

BASES = {"raft": "healthy/trimmed-111", "118": "healthy/lagging-118", "microcluster": "healthy/k8sd"}
FAST, SLOW = 12, 150
INTERESTING = (0, 1, 7, 8, 0xFF, 1 << 31, (1 << 32) - 1, 1 << 62, (1 << 64) - 1)


@cache
def small(base: str) -> Tree:
    """One host of a healthy fixture (its n2: closed segments only, so that a run takes a fraction of a second)."""
    tree = build(fixture(BASES[base]))
    return {path: file for path, file in tree.items() if path.startswith("n2/")}


def damage(tree: Tree, random: Random) -> list[str]:
    """Some changes of any kind; what was done, for the message of a failure."""
    done = []
    for _ in range(random.randint(1, 6)):
        path = random.choice(sorted(tree))
        kind = random.choice(("flip", "cut", "zero", "word", "grow", "noise", "delete", "rename", "swap", "link"))
        done.append(f"{kind} {path}")
        content = tree[path].content
        at = random.randrange(len(content) + 1)
        if kind == "flip" and content:
            at %= len(content)
            content = content[:at] + bytes([content[at] ^ 1 << random.randrange(8)]) + content[at + 1 :]
        elif kind == "cut":
            content = content[: random.choice((at, min(at, 64)))]
        elif kind == "zero":
            size = min(random.choice((8, 512, 4096, 1 << 20)), len(content) - at)
            content = content[:at] + bytes(size) + content[at + size :]
        elif kind == "word":
            at = min(random.choice((at, random.randrange(128))) // 8 * 8, max(len(content) - 8, 0))
            content = content[:at] + random.choice(INTERESTING).to_bytes(8, "little") + content[at + 8 :]
        elif kind == "grow":
            content += random.choice((b"\0", random.randbytes(5), bytes(5000)))
        elif kind == "noise":
            content = random.randbytes(min(len(content), 5000))
        elif kind == "delete" and len(tree) > 1:
            del tree[path]
            continue
        elif kind == "rename":
            tree[f"{path.rpartition('/')[0]}/{_name(random)}"] = tree.pop(path)
            continue
        elif kind == "swap":
            other = random.choice(sorted(tree))
            tree[path], tree[other] = tree[other], tree[path]
            continue
        elif kind == "link":
            tree[path] = File(target=random.choice(("../x", "metadata2", "/etc/passwd", path)))
            continue
        tree[path] = File(content)
    return done


def _name(random: Random) -> str:
    first, last = random.choice((0, 1, 300, 10**16 - 1)), random.choice((0, 5, 320, 2**64))
    return random.choice(
        (
            f"{first:016}-{last:016}",
            f"{first}-{last}",
            f"open-{last}",
            f"snapshot-{first}-{last}-1",
            f"snapshot-{first}-{last}-1.meta",
            f"corrupt-{last}{first}-open-1",
            "metadata1",
            "info.yaml",
            "x" * 200,
        )
    )


def analyzed(tree: Tree) -> Document:
    blob = BytesBlob("input.tar", tar_of(tree))
    with pipeline.take([Source(blob.path, "tar", blob.size, blob, "")]) as evidence:
        return pipeline.analyze(evidence).document


def survives(base: str, seed: int) -> None:
    tree = dict(small(base))
    done = damage(tree, Random(seed))  # noqa: S311 - repeatable, not secret
    document = analyzed(tree)
    broken = [f"{check.rule}: {check.reason}" for check in document.checks if check.verdict == "broken"]
    assert broken == [], done
    assert parse_report(render_json(document).encode(), "x") == document, done
    assert render_text(document)
    assert render_html(document)


@pytest.mark.parametrize("seed", range(FAST))
@pytest.mark.parametrize("base", BASES)
def test_damage_is_answered(base: str, seed: int) -> None:
    survives(base, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(FAST, SLOW))
@pytest.mark.parametrize("base", BASES)
def test_much_damage_is_answered(base: str, seed: int) -> None:
    survives(base, seed)


def test_same_input_same_report() -> None:
    """No clock, no random order: what CI compares, and what a second reader can reproduce."""
    tree = dict(small("raft"))
    assert render_json(analyzed(tree)) == render_json(analyzed(tree))


@pytest.mark.parametrize("content", [b"\0", b"hello\n", b"\x1f\x8b", b"PK\x03\x04", bytes(5000)])
def test_an_input_without_state_is_answered(content: bytes) -> None:
    document = analyzed({"what": File(content), "n1/x": File(content)})
    assert document.incomplete
    assert document.verdict.level == "unknown"


@pytest.mark.parametrize("left", [0, 7, 31, 5000])
def test_files_that_shrink_while_they_are_read_are_answered(tmp_path: Path, left: int) -> None:
    """A directory in use: sizes were taken in the walk, and each file is shorter when it is read."""
    write(small("raft"), tmp_path)
    with pipeline.ingest([str(tmp_path)]) as evidence:
        for path in tmp_path.rglob("*"):
            if path.is_file() and path.stat().st_size > left:
                os.truncate(path, left)
        document = pipeline.analyze(evidence).document
    assert [check for check in document.checks if check.verdict == "broken"] == []
    assert document.findings
    assert render_html(document)
