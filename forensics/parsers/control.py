"""Files that direct k8s-dqlite's next start: init.yaml, update.yaml, tuning.yaml, failure-domain (FACTS 7.2).

Source: canonical/k8s-dqlite pkg/server/server.go.
"""

from __future__ import annotations

from dataclasses import dataclass

from forensics.evidence import Anomaly, Blob, Parsed, Span
from forensics.parsers.shown import shown
from forensics.parsers.yaml_text import Mapping, Scalar, Sequence, parse_yaml


@dataclass(frozen=True, slots=True)
class StartFile:
    """init.yaml or update.yaml: the address that the node shall have, and (init.yaml) the members to join."""

    address: str | None
    cluster: tuple[str, ...]
    at: Span


@dataclass(frozen=True, slots=True)
class Tuning:
    """tuning.yaml: the snapshot parameters as written; None where not given."""

    threshold: int | None
    trailing: int | None
    strategy: str | None
    at: Span


def parse_start_file(blob: Blob) -> Parsed[StartFile]:
    """Keys `Address` and `Cluster`, in any case: k8s-dqlite reads them through its YAML library's own matching."""
    parsed = parse_yaml(blob)
    if not isinstance(parsed.value, Mapping):
        wrong = () if parsed.value is None else (Anomaly("control-type", blob.span(), "not a mapping"),)
        return Parsed(None, (*parsed.anomalies, *wrong))
    fields = {name.lower(): value for name, value in parsed.value.pairs}
    address, cluster = fields.get("address"), fields.get("cluster")
    items = cluster.items if isinstance(cluster, Sequence) else ()
    members = tuple(shown(item.text) for item in items if isinstance(item, Scalar))
    text = shown(address.text) if isinstance(address, Scalar) and address.kind != "null" and address.text else None
    anomalies = list(parsed.anomalies)
    if text is None:
        anomalies.append(Anomaly("control-no-address", parsed.value.at, "no Address"))
    return Parsed(StartFile(text, members, parsed.value.at), tuple(anomalies))


def parse_tuning(blob: Blob) -> Parsed[Tuning]:
    """The `snapshot` part. Unknown keys are k8s-dqlite's own business."""
    parsed = parse_yaml(blob)
    if not isinstance(parsed.value, Mapping):
        wrong = () if parsed.value is None else (Anomaly("control-type", blob.span(), "not a mapping"),)
        return Parsed(None, (*parsed.anomalies, *wrong))
    snapshot = parsed.value.get("snapshot")
    anomalies = list(parsed.anomalies)
    if not isinstance(snapshot, Mapping):
        return Parsed(Tuning(None, None, None, parsed.value.at), tuple(anomalies))
    threshold, trailing = _number(snapshot, "threshold", anomalies), _number(snapshot, "trailing", anomalies)
    return Parsed(Tuning(threshold, trailing, snapshot.text("strategy"), snapshot.at), tuple(anomalies))


def parse_failure_domain(blob: Blob) -> Parsed[int]:
    """One unsigned number."""
    parsed = parse_yaml(blob)
    value = parsed.value
    if isinstance(value, Scalar) and value.text.isascii() and value.text.isdigit() and len(value.text) <= 20:
        return Parsed(int(value.text), parsed.anomalies)
    return Parsed(None, parsed.anomalies or (Anomaly("control-type", blob.span(), "not a number"),))


def _number(mapping: Mapping, key: str, anomalies: list[Anomaly]) -> int | None:
    text = mapping.text(key)
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        anomalies.append(Anomaly("control-type", mapping.at, f"{key} is not a number"))
        return None
    return int(text)
