"""PEM text as Go's encoding/pem takes it: what every product here reads its certificates and keys with.

Source: golang/go src/encoding/pem/pem.go (a block begins and ends its line), src/crypto/tls/tls.go (X509KeyPair passes
over blocks of other types). Compared with Go 1.26's own answers in tests/parsers/test_certificate_kinds.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from forensics.evidence import Anomaly, Blob, Span
from forensics.limits import PEM_BLOCKS_MAX, PEM_BYTES_MAX

_BEGIN, _END, _DASHES = b"-----BEGIN ", b"\n-----END ", b"-----"
_DER_SEQUENCE = (b"\x30\x81", b"\x30\x82", b"\x30\x83")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Block:
    """One PEM block: its label (`CERTIFICATE`), its text, and where it stands."""

    label: str
    text: bytes = field(repr=False)
    at: Span

    @property
    def is_key(self) -> bool:
        """A private key, of whatever kind, encrypted or not: as X509KeyPair tells them."""
        return self.label == "PRIVATE KEY" or self.label.endswith(" PRIVATE KEY")


def read_content(blob: Blob, what: str) -> tuple[bytes | None, tuple[Anomaly, ...]]:
    """The bytes, or why there is nothing to read in them."""
    if blob.size > PEM_BYTES_MAX:
        detail = f"it has {blob.size} bytes, and the limit is {PEM_BYTES_MAX} (PEM_BYTES_MAX)"
        return None, (Anomaly(f"{what}-large", blob.span(), detail),)
    raw = blob.read()
    if not raw.strip():
        return None, (Anomaly(f"{what}-empty", blob.span(), "it has no content"),)
    if not raw.strip(b"\0"):
        return None, (Anomaly(f"{what}-zeros", blob.span(), f"all of its {len(raw)} bytes are zero"),)
    return raw, ()


def read_blocks(raw: bytes, at: Span, anomalies: list[Anomaly]) -> Iterator[Block]:
    """Each block; one without its end, or one that does not begin its line, is an anomaly."""
    position = 0
    for _ in range(PEM_BLOCKS_MAX):
        start = raw.find(_BEGIN, position)
        if start < 0:
            return
        position = _end_of(raw, start)
        if position < 0:
            span = Span(at.path, at.offset + start, len(raw) - start)
            anomalies.append(Anomaly("pem-cut", span, "a PEM block has no end, so the file is half-written or cut"))
            return
        span = Span(at.path, at.offset + start, position - start)
        if start and raw[start - 1 : start] != b"\n":
            anomalies.append(
                Anomaly("pem-misplaced", span, "a PEM block does not begin its line, so Go's TLS ignores it")
            )
        label = raw[start + len(_BEGIN) : raw.find(_DASHES, start + len(_BEGIN))]
        yield Block(label.decode("ascii", "replace"), raw[start:position], span)


def _end_of(raw: bytes, start: int) -> int:
    """First byte behind the block that begins at `start`; -1 where it has no end. Pasted, both are indented."""
    mark = _END
    if raw.find(mark, start) < 0 and raw[max(start - 1, 0) : start] in (b" ", b"\t"):
        mark = _END.lstrip(b"\n")
    end = raw.find(mark, start)
    line_end = raw.find(_DASHES, end + len(_END)) if end >= 0 else -1
    return line_end + len(_DASHES) if line_end >= 0 else -1


def none_found(raw: bytes, at: Span, what: str) -> Anomaly:
    """Why a file without any PEM block has none."""
    if raw.startswith(_DER_SEQUENCE):
        return Anomaly(f"{what}-der", at, "it is DER, the binary form, but the products read only PEM text")
    if raw.startswith(_UTF16):
        return Anomaly(f"{what}-none", at, "it is UTF-16 text, but the products read only ASCII")
    return Anomaly(f"{what}-none", at, "it contains no PEM block")
