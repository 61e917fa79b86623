"""A fixture on disk: the files in an archive, and fixture.toml with what they must show."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator, Sequence
from pathlib import Path

from forensics.check.tree import Tree, tar_of
from forensics.shrink.run import Shrunk

ARCHIVE = "case.tar.xz"
_THOROUGHLY_BYTES_MAX = 16 << 20  # xz takes a second for some MiB; what is left of a cut run can be large
_TOP = "case/input"  # an archive of a fixture holds TOP/NODE/…; laid bare, the rest is a file's path


def write_fixture(folder: Path, done: Shrunk) -> None:
    """Write both files into a folder that is there."""
    (folder / ARCHIVE).write_bytes(_archive(done.tree))
    text = "\n".join(_toml(done))
    (folder / "fixture.toml").write_text(f"{text}\n", encoding="utf-8")


def _archive(tree: Tree) -> bytes:
    content = tar_of({f"{_TOP}/{path}": file for path, file in tree.items()})
    return lzma.compress(content, preset=9 if len(content) <= _THOROUGHLY_BYTES_MAX else 0)


def _toml(done: Shrunk) -> Iterator[str]:
    yield f"title = {_text(done.findings[0].title)}"
    yield 'why = "a case that `shrink` made small: what it shows is what the whole input showed"'
    yield 'version = "any"'
    yield 'origin = "handed over"'
    yield 'made = "by `shrink`, which takes away whatever these findings do not need"'
    yield f"archive = {_text(ARCHIVE)}"
    yield 'layout = "bare"'
    yield f"pack = {_text(done.how)}"
    yield ""
    yield "[expect]"
    yield f"exit = {done.exit_code}"
    if done.incomplete:
        yield "incomplete = true"
    for number, finding in enumerate(done.findings):
        yield ""
        yield "[expect.first]" if done.first and not number else "[[expect.also]]"
        yield f"rule = {_text(finding.rule)}"
        yield f"severity = {_text(str(finding.severity))}"
        yield f"kind = {_text(finding.kind.removeprefix(f'{finding.rule}.'))}"
        if finding.nodes:
            yield f"nodes = {_texts(finding.nodes)}"
        if finding.where:
            yield f"where = {_texts(finding.where)}"


def _texts(values: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"


def _text(value: str) -> str:
    return json.dumps(value)  # a basic string of TOML has the same escapes
