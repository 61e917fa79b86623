"""A node's certificates and keys, by file name; keys only as their public halves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forensics.evidence import Parsed
from forensics.facts.one_file import parsed_file
from forensics.ingest.roles import FileRole
from forensics.ingest.state_directory import StateDirectory, StateFile
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
    for file in sorted({**state.around, **state.files}.values(), key=lambda file: file.name):
        name = file.name.removesuffix(".crt").removesuffix(".key")  # a `.pem` beside them is a file of its own
        if file.role is FileRole.CERTIFICATE:
            parsed = parsed_file(parse_certificates, file.blob) if file.blob is not None else None
            certificates[name] = CertificateFile(file, parsed)
        elif file.role is FileRole.KEY:
            keys[name] = KeyFile(file, parsed_file(parse_key, file.blob) if file.blob is not None else None)
    return Credentials(certificates, keys)
