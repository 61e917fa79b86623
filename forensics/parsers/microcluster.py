"""daemon.yaml and the truststore of a microcluster state directory (k8sd, MicroCeph, …).

Source: docs/reference/microcluster.md#state-directory.
"""

from __future__ import annotations

from dataclasses import dataclass

from forensics.evidence import Anomaly, Blob, Parsed, Span
from forensics.masking.text import masked_name
from forensics.parsers.certificates import Certificate, certificates_of
from forensics.parsers.yaml_text import Mapping, Scalar, parse_yaml


@dataclass(frozen=True, slots=True)
class Daemon:
    """daemon.yaml: this member's own name and host:port. None where a field is missing."""

    name: str | None
    address: str | None
    at: Span


@dataclass(frozen=True, slots=True)
class TrustEntry:
    """One file of the truststore: a member that is trusted. The map key is `name`, not the file's name."""

    name: str | None
    address: str | None
    certificate: Certificate | None
    at: Span


def parse_daemon(blob: Blob) -> Parsed[Daemon]:
    """Read daemon.yaml."""
    mapping, anomalies = _mapping(blob)
    if mapping is None:
        return Parsed(None, tuple(anomalies))
    name, address = _required(mapping, ("name", "address"), anomalies)
    return Parsed(Daemon(name, address, mapping.at), tuple(anomalies))


def parse_trust_entry(blob: Blob) -> Parsed[TrustEntry]:
    """Read one truststore entry. microcluster refuses to start where one of them is empty or not YAML."""
    mapping, anomalies = _mapping(blob)
    if mapping is None:
        return Parsed(None, tuple(anomalies))
    name, address, pem = _required(mapping, ("name", "address", "certificate"), anomalies)
    certificate = None
    if pem is not None:
        value = mapping.get("certificate")
        parsed = certificates_of(pem.encode(), value.at if value else mapping.at)
        certificate = parsed.value[0] if parsed.value else None
        # Offsets inside a YAML block scalar are not those of the file: the whole value is the address.
        anomalies += [
            Anomaly(found.code, value.at if value else mapping.at, found.detail) for found in parsed.anomalies
        ]
    return Parsed(TrustEntry(name, address, certificate, mapping.at), tuple(anomalies))


def _mapping(blob: Blob) -> tuple[Mapping | None, list[Anomaly]]:
    parsed = parse_yaml(blob)
    anomalies = list(parsed.anomalies)
    if parsed.value is None:
        return None, anomalies
    if not isinstance(parsed.value, Mapping):
        anomalies.append(Anomaly("yaml-type", parsed.value.at, "it is not a mapping"))
        return None, anomalies
    return parsed.value, anomalies


def _required(mapping: Mapping, keys: tuple[str, ...], anomalies: list[Anomaly]) -> list[str | None]:
    texts: list[str | None] = []
    for key in keys:
        value = mapping.get(key)
        text = value.text if isinstance(value, Scalar) and value.kind != "null" and value.text else None
        if text is None:
            anomalies.append(Anomaly("yaml-key-missing", mapping.at, f"it has no {key}"))
        texts.append(text if text is None or key == "certificate" else masked_name(text))
    return texts
