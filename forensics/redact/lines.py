"""Text files: PEM blocks replaced by new ones, all else line by line; what stands where a secret stands goes whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forensics.evidence import Span
from forensics.masking.lines import masked_lines
from forensics.masking.positions import MASK, without_named
from forensics.masking.text import masked_line
from forensics.parsers.pem import Block, read_blocks
from forensics.redact.certificates import Certificates
from forensics.redact.texts import Texts

_NAMED = re.compile(
    rb"""(?im)^[^\S\n]*+[>-]*+[^\S\n]*+["']?(?:name|address|host(?:name)?|server)["']?"""
    rb"""[^\S\n]*+:[^\S\n]*+["']?([^\s"'#,\[{]+)"""
)
_TIME = rb"(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.,+Z-]+)"
_SYSLOG = re.compile(rb"(?m)^%b ([\w.-]+) [\w./@-]+(?:\[\d+\])?:" % _TIME)
_LETTER = re.compile(rb"[^\s=-]")
_HEAD = re.compile(rb"-----BEGIN [A-Z0-9 ]{1,40}-----")
_TAIL = re.compile(rb"-----END [A-Z0-9 ]{1,40}-----")
# As JSON and journals write it. It holds no second one: what is cut ends where that begins.
_OF_ONE_LINE = re.compile(rb"-----BEGIN ([A-Z0-9 ]{1,40})-----(?:(?!-----BEGIN)[^\n])*?-----END \1-----")


def cleaned_text(
    raw: bytes, texts: Texts, certificates: Certificates, *, as_field: bool = False, is_one_value: bool = False
) -> bytes:
    """The file's text; as many lines as it had, but for PEM blocks. One value goes whole, numbers too."""
    if not texts.settled:
        for found in (*_NAMED.finditer(raw), *_SYSLOG.finditer(raw)):
            name = found[1]
            texts.identity(name.rpartition(b":")[0] if name.count(b":") == 1 else name)
    if is_one_value and b"-----BEGIN " not in raw:
        return texts.secret(raw)
    if as_field and b"-----BEGIN " not in raw:
        return texts.strict(raw)
    done, at = [], 0
    for found in _OF_ONE_LINE.finditer(raw):
        done += [_blocks(raw[at : found.start()], texts, certificates), _escaped_block(found, certificates)]
        at = found.end()
    return b"".join((*done, _blocks(raw[at:], texts, certificates)))


def _blocks(raw: bytes, texts: Texts, certificates: Certificates) -> bytes:
    done, at = [], 0
    for block in read_blocks(raw, Span(""), []):
        done += [_lines(raw[at : block.at.offset], texts), _block(raw, block, certificates)]
        at = block.at.offset + block.at.length
    return b"".join((*done, _rest(raw[at:], texts)))


def _rest(raw: bytes, texts: Texts) -> bytes:
    """What follows the last whole block: there may be one that was cut."""
    begin = raw.find(b"-----BEGIN ")
    return _lines(raw, texts) if begin < 0 else _lines(raw[:begin], texts) + _unread(raw[begin:])


def _unread(text: bytes) -> bytes:
    """A block that cannot be made anew: its label stays."""
    head, tail = _HEAD.match(text), _TAIL.search(text)
    start = head.end() if head else 0
    end = tail.start() if tail and tail.end() == len(text) else len(text)
    return text[:start] + _LETTER.sub(b"x", text[start:end]) + text[end:]


def _escaped_block(found: re.Match[bytes], certificates: Certificates) -> bytes:
    """The new block of one whose line breaks are written as a backslash and an n."""
    new = _new(found[0].replace(b"\\n", b"\n"), found[1].decode("ascii"), certificates)
    return _unread(found[0]) if new is None else new.replace(b"\n", b"\\n")


def _new(pem: bytes, label: str, certificates: Certificates) -> bytes | None:
    if label == "CERTIFICATE":
        return certificates.certificate(pem)
    return certificates.key(pem, label) if label.endswith("PRIVATE KEY") else None


def _block(raw: bytes, block: Block, certificates: Certificates) -> bytes:
    """The new block, indented as the old one was."""
    start = block.at.offset
    indent = raw[raw.rfind(b"\n", 0, start) + 1 : start]
    pem = b"\n".join(line.strip() for line in block.text.splitlines())
    new = _new(pem, block.label, certificates)
    if new is None:
        return _unread(block.text)
    return new.replace(b"\n", b"\n" + indent) if not indent.strip() else new


def _lines(raw: bytes, texts: Texts) -> bytes:
    if not raw:
        return raw
    pieces = raw.split(b"\n")
    lines = [piece.decode("utf-8", "surrogateescape") for piece in pieces]
    shown = dict(masked_lines(lines, 0))
    return b"\n".join(
        b"".join(_without_secrets(line, shown.get(number, ""), texts)) for number, line in enumerate(lines)
    )


def _without_secrets(line: str, shown: str, texts: Texts) -> Iterator[bytes]:
    """The parts of a line as they are replaced: secrets by what has their looks, the rest as prose."""
    at = 0
    kept = _kept(line, shown)
    for number, part in enumerate(kept):
        found = line.index(part, at) if number < len(kept) - 1 else len(line) - len(part)
        if number and found > at:
            yield texts.secret(line[at:found].encode("utf-8", "surrogateescape"))
        yield texts.prose(part.encode("utf-8", "surrogateescape"))
        at = found + len(part)


def _kept(line: str, shown: str) -> list[str]:
    """What of a line stands between secrets: told by the line itself, or by what stands above it."""
    if MASK in line:
        return [line]
    if shown.endswith(MASK) and line.startswith(before := shown.removesuffix(MASK)) and not _is_random_at_end(line):
        return [before, ""]
    return without_named(line).split(MASK)


def _is_random_at_end(line: str) -> bool:
    return masked_line(line).endswith(MASK)
