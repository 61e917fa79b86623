"""A node's certificates and keys, by file name; keys only as their public halves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forensics.evidence import Blob, Parsed
from forensics.facts.one_file import parsed_file
from forensics.ingest.listing.text import text_lines
from forensics.ingest.roles import FileRole
from forensics.ingest.state_directory import StateDirectory, StateFile
from forensics.limits import HOST_TEXT_BYTES_MAX
from forensics.parsers.certificates import Certificate, Key, parse_certificates, parse_key


@dataclass(frozen=True, slots=True)
class CertificateFile:
    """A `.crt` file: what it holds (None where only its name is known)."""

    file: StateFile
    parsed: Parsed[tuple[Certificate, ...]] | None

    @property
    def chain(self) -> tuple[Certificate, ...]:
        """All certificates of the file, the leaf first."""
        return (self.parsed.value or ()) if self.parsed else ()

    @property
    def leaf(self) -> Certificate | None:
        """The first certificate."""
        return next(iter(self.chain), None)


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A `.key` file."""

    file: StateFile
    parsed: Parsed[Key] | None

    @property
    def key(self) -> Key | None:
        """The public half."""
        return self.parsed.value if self.parsed else None


@dataclass(frozen=True, slots=True)
class Credentials:
    """All of one state directory, by name without suffix (`cluster`, `server`, …)."""

    certificates: Mapping[str, CertificateFile]
    keys: Mapping[str, KeyFile]

    def leaf(self, name: str) -> Certificate | None:
        """The certificate of that name."""
        found = self.certificates.get(name)
        return found.leaf if found else None


def read_credentials(state: StateDirectory) -> Credentials:
    """Parse every certificate and key of a state directory and of the microcluster directory around it."""
    certificates: dict[str, CertificateFile] = {}
    keys: dict[str, KeyFile] = {}
    halves = _public_halves(state)
    for file in sorted({**state.around, **state.files}.values(), key=lambda file: file.name):
        name = file.name.removesuffix(".crt").removesuffix(".key")  # a `.pem` beside them is a file of its own
        if file.role is FileRole.CERTIFICATE:
            parsed = parsed_file(parse_certificates, file.blob) if file.blob is not None else None
            certificates[name] = CertificateFile(file, parsed)
        elif file.role is FileRole.KEY:
            told = next((halves[path] for path in _paths(state, file) if path in halves), None)
            keys[name] = KeyFile(file, parsed_file(parse_key, file.blob) if file.blob is not None else told)
    return Credentials(certificates, keys)


_HALF = re.compile(r"([0-9a-f]{64})\t([\w.-]{1,40})\t(/.+)")
_KINDS = {"rsaEncryption": "RSA", "id-ecPublicKey": "EC", "ED25519": "Ed25519"}  # openssl's names → parse_key's


def _public_halves(state: StateDirectory) -> dict[str, Parsed[Key]]:
    """By path in the input: of keys that stayed on their machine, what the collector's script took of them."""
    if state.collection is None:
        return {}
    tables = [file.blob for file in state.collection.facts.get("public-keys", ()) if file.blob is not None]
    return {
        state.collection.root + path.lstrip("/"): Parsed(key) for table in tables for path, key in _keys_told(table)
    }


def _keys_told(table: Blob) -> Iterator[tuple[str, Key]]:
    """Lines of SHA-256 of the SubjectPublicKeyInfo, its kind, and the key's absolute path, with tabs between."""
    for text, at in text_lines(table, HOST_TEXT_BYTES_MAX):
        if found := _HALF.fullmatch(text):
            yield found[3], Key(found[1], _KINDS.get(found[2], found[2]), None, at)


def _paths(state: StateDirectory, file: StateFile) -> Iterator[str]:
    """Where a file of a state directory, or of one of the two around it, lies in the input."""
    folder = state.path
    for _ in range(3):
        yield f"{folder}/{file.name}"
        folder = folder.rpartition("/")[0]
