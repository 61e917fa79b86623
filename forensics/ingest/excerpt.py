"""YAML records inside a pasted text, as files of their own whose spans point into the text."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from forensics.evidence import Blob, Span
from forensics.ingest.content import RangeBlob
from forensics.ingest.listing.hosts import host_of_heading
from forensics.ingest.listing.sessions import Prompt, parse_prompt
from forensics.ingest.listing.text import clean, is_logged, text_lines
from forensics.limits import EXCERPTS_MAX, LISTING_BYTES_MAX

_SHOWN = re.compile(r"(?:cat|less|more|head|tail)\s+(?:-\S+\s+)*([\w./@+-]+)")
_KEY = re.compile(r"\s*(-\s+)?(?:ID|Address|Role|id|address|role|name|Name):(?:\s.*)?$")
SHELL_ROW = re.compile(r"\s*([0-9a-f]{1,16})\|([\w.\[\]:%-]{1,261})\|(voter|stand-?by|spare)\s*")  # id in hex
_JSON = re.compile(r"\s*(?:[\[{]|[}\]],?|\"(?:ID|Address|Role)\":\s*[^{}\[\]]{1,300}|\[\s*\{\s*\"ID\":.{1,4000}\])\s*")
_FORMS = (_KEY, SHELL_ROW, _JSON)  # cluster.yaml or info.yaml; `.cluster` of the dqlite shell as rows, as JSON
_TELLING = re.compile(r"\s*(?:-\s+)?(?:ID|Address|Role|id|address|role):")


class Excerpt(RangeBlob):
    """A range of a text. Its addresses are those of the text."""

    def __init__(self, base: Blob, start: int, size: int) -> None:
        super().__init__(base.path, size, base, start)
        self._first = start

    def span(self, offset: int = 0, length: int | None = None) -> Span:
        """See Blob.span; counted from the text's beginning."""
        start = min(max(offset, 0), self.size)
        rest = self.size - start
        return Span(self.path, self._first + start, rest if length is None else min(max(length, 0), rest))


class CleanedExcerpt(Excerpt):
    """The same without what mail, terminals and editors put before the lines; all of it has the block's address."""

    def __init__(self, base: Blob, start: int, size: int, content: bytes) -> None:
        super().__init__(base, start, len(content))
        self._block = Span(base.path, start, size)
        self._content = content

    def read(self, offset: int = 0, length: int | None = None) -> bytes:
        """See Blob.read."""
        return self._content[offset:] if length is None else self._content[offset : offset + length]

    def readinto(self, buffer: memoryview, offset: int = 0) -> int:
        """See Blob.readinto."""
        piece = self._content[offset : offset + len(buffer)]
        buffer[: len(piece)] = piece
        return len(piece)

    def span(self, offset: int = 0, length: int | None = None) -> Span:  # noqa: ARG002 - see below
        """See Blob.span; always the whole block."""
        return self._block


@dataclass(frozen=True, slots=True)
class PastedYaml:
    """One block of member records in a text.

    Attributes:
        name: `cluster.yaml` for a list, `info.yaml` for one record, `daemon.yaml` where the command names it.
        blob: the block.
        cut: the text ends, or breaks off, within the list.
        host, directory: from the prompt before it (`root@n1:~# cat /…/cluster.yaml`); None where there is none.
    """

    name: str
    blob: Excerpt
    cut: bool = False
    host: str | None = None
    directory: str | None = None


def pasted_yaml(blob: Blob) -> Iterator[PastedYaml]:
    """All blocks of at least two keys, in order; what the dqlite shell answers to `.cluster` counts as cluster.yaml."""
    yield from islice(_all_blocks(blob), EXCERPTS_MAX)


def _all_blocks(blob: Blob) -> Iterator[PastedYaml]:
    host = directory = None
    file = ""
    for form, block, following in _stretches(blob):
        if form is not None:
            if found := _block(block, form, blob, following, file):
                yield replace(found, host=host, directory=directory)
            continue
        line = block[0][0]
        if is_logged(line):
            continue
        if prompt := parse_prompt(line):
            host = prompt.host or host
            directory, file = _place(prompt)
        elif heading := host_of_heading(line):
            host = heading


def _stretches(blob: Blob) -> Iterator[tuple[re.Pattern[str] | None, list[tuple[str, Span]], str]]:
    """Runs of lines of one form, each with the line behind it. A line of no form is a run of its own."""
    block: list[tuple[str, Span]] = []
    before: re.Pattern[str] | None = None
    for text, at in (*text_lines(blob, LISTING_BYTES_MAX), ("", Span(blob.path))):
        line = clean(text)
        form = None if is_logged(line) else next((form for form in _FORMS if form.fullmatch(line)), None)
        if block and (form is None or form is not before):
            yield before, block, line
            block = []
        block.append((line, at))
        before = form
    if block:
        yield before, block, ""


def _place(prompt: Prompt) -> tuple[str | None, str]:
    """Directory and name of the file that a command shows; the prompt's own directory where it shows none."""
    shown = _SHOWN.search(prompt.command)
    path = posixpath.join(prompt.cwd or "", shown[1]) if shown else ""
    if shown is None or not path.startswith("/"):
        return prompt.cwd, path.rpartition("/")[2]
    folder, name = posixpath.split(posixpath.normpath(path))
    return folder, name


def _block(
    block: list[tuple[str, Span]], form: re.Pattern[str] | None, blob: Blob, following: str, file: str
) -> PastedYaml | None:
    if form is SHELL_ROW and block:
        return PastedYaml("cluster.yaml", _excerpt(block, blob))
    if form is _JSON:
        return _json_block(block, blob)
    if file == "daemon.yaml" and len(block) > 1:
        return PastedYaml(file, _excerpt(block, blob))
    if sum(_TELLING.match(text) is not None for text, _ in block) < 2:
        return None
    name = "cluster.yaml" if any(text.lstrip().startswith("-") for text, _ in block) else "info.yaml"
    return PastedYaml(name, _excerpt(block, blob), cut=_breaks_off([text for text, _ in block], following))


def _json_block(block: list[tuple[str, Span]], blob: Blob) -> PastedYaml | None:
    """From the first `[` to the last `]`; None where one is missing, for half a list is no JSON."""
    opens = next((at for at, (text, _) in enumerate(block) if text.lstrip().startswith("[")), None)
    closes = next((at for at in range(len(block) - 1, -1, -1) if block[at][0].rstrip().endswith("]")), None)
    if opens is None or closes is None or "Address" not in "".join(text for text, _ in block):
        return None
    return PastedYaml("cluster.yaml", _excerpt(block[opens : closes + 1], blob))


def _excerpt(block: list[tuple[str, Span]], blob: Blob) -> Excerpt:
    start, last = block[0][1].offset, block[-1][1]
    size = last.offset + last.length - start
    written = [line.rstrip() for line in blob.read(start, size).decode("utf-8", "replace").split("\n")]
    lines = [line for line, _ in block]
    if lines == written:
        return Excerpt(blob, start, size)
    return CleanedExcerpt(blob, start, size, "\n".join(lines).encode())


def _breaks_off(lines: list[str], following: str) -> bool:
    """The line behind the block begins a further record or key, or the last record has fewer keys than the first."""
    starts = [at for at, line in enumerate(lines) if line.lstrip().startswith("-")]
    if not starts:
        return False
    if re.fullmatch(r"\s*(?:-\s*)?(?:A|ID?|R|Ad\w*|Ro\w*)?", following) and following.strip():
        return True
    return len(starts) > 1 and len(lines) - starts[-1] < starts[1] - starts[0]
