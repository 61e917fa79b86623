"""The microcluster state around a k8sd, MicroCeph, … database: daemon.yaml and the truststore."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.evidence import Parsed
from forensics.facts.one_file import parsed_file
from forensics.ingest.products import is_microcluster
from forensics.ingest.roles import FileRole
from forensics.ingest.state_directory import StateDirectory, StateFile
from forensics.parsers.microcluster import Daemon, TrustEntry, parse_daemon, parse_trust_entry


@dataclass(frozen=True, slots=True)
class TrustFile:
    """One truststore entry: its file, and what it holds (None where only its name is known)."""

    file: StateFile
    parsed: Parsed[TrustEntry] | None

    @property
    def entry(self) -> TrustEntry | None:
        """The trusted member."""
        return self.parsed.value if self.parsed else None


@dataclass(frozen=True, slots=True)
class Microcluster:
    """What a microcluster daemon keeps beside its database; `cut` where the input may lack some of it."""

    daemon_file: StateFile | None = None
    daemon: Parsed[Daemon] | None = None
    truststore: tuple[TrustFile, ...] = ()
    cut: bool = False

    def entries(self) -> list[TrustEntry]:
        """Every trusted member that could be read."""
        return [trust.entry for trust in self.truststore if trust.entry is not None]

    @property
    def whole_truststore(self) -> bool:
        """There is a truststore, each of its entries could be read, and none can be missing from the input."""
        return not self.cut and bool(self.truststore) and all(trust.entry is not None for trust in self.truststore)


def read_microcluster(state: StateDirectory) -> Microcluster | None:
    """None where there is no microcluster directory around the database."""
    daemon_file = state.around.get("daemon.yaml")
    trusted = any(file.role is FileRole.TRUSTSTORE for file in state.around.values())
    if not ((state.around and is_microcluster(state.product)) or daemon_file or trusted):
        return None
    daemon = parsed_file(parse_daemon, daemon_file.blob) if daemon_file and daemon_file.blob is not None else None
    files = sorted(
        (file for file in state.around.values() if file.role is FileRole.TRUSTSTORE), key=lambda file: file.name
    )
    trust = tuple(TrustFile(file, _entry_of(file)) for file in files)
    return Microcluster(daemon_file, daemon, trust, state.cut)


def _entry_of(file: StateFile) -> Parsed[TrustEntry] | None:
    return parsed_file(parse_trust_entry, file.blob) if file.blob is not None else None
