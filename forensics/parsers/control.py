"""Files that direct k8s-dqlite's next start: init.yaml, update.yaml, tuning.yaml, failure-domain.

Source: docs/reference/k8s-dqlite.md#control-files; canonical/k8s-dqlite pkg/server/{server,types,util}.go.
What yaml.v2 takes and refuses was asked of yaml.v2 2.4 itself (tests/parsers/test_control.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from forensics.evidence import Anomaly, Blob, Parsed, Span
from forensics.masking.text import masked_name
from forensics.parsers.yaml_text import Mapping, Scalar, Sequence, Value, parse_yaml


@dataclass(frozen=True, slots=True)
class StartFile:
    """init.yaml or update.yaml: the address that the node shall have, and (init.yaml) the members to join."""

    address: str | None
    cluster: tuple[str, ...]
    at: Span


@dataclass(frozen=True, slots=True)
class Tuning:
    """tuning.yaml: the snapshot parameters as written; None where not given. `snapshot`: that part is there at all."""

    threshold: int | None
    trailing: int | None
    strategy: str | None
    at: Span
    snapshot: bool = False

    @property
    def effective(self) -> tuple[int, int]:
        """Threshold and trailing that k8s-dqlite 1.4.1 and later run with: it adjusts without being asked."""
        if not self.snapshot:
            return _DEFAULT_THRESHOLD, _DEFAULT_TRAILING
        asked, kept = self.threshold or 0, self.trailing or 0
        threshold = kept * 3 // 4 if asked == 0 else max(asked, _MIN_THRESHOLD)
        return kept if asked > kept else threshold, max(kept, _MIN_TRAILING)


NEW_NODE_FILES = ("cluster.crt", "cluster.key", "failure-domain", "init.yaml", "tuning.yaml")  # beside init.yaml
_DEFAULT_THRESHOLD, _MIN_THRESHOLD = 512, 384
_DEFAULT_TRAILING, _MIN_TRAILING = 4096, 512
_U64 = 1 << 64
_DURATION = re.compile(r"[-+]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)")  # Go's time.ParseDuration
_HARMLESS = ("yaml-alias", "yaml-duplicate-key")  # yaml.v2 takes aliases, and of two equal keys the last


def parse_start_file(blob: Blob) -> Parsed[StartFile]:
    """Keys `Address` and `Cluster`, in this case: k8s-dqlite 1.2 and later read them by yaml.v2. Anomalies stop it."""
    mapping, anomalies = _mapping(blob)
    if mapping is None:
        return Parsed(None, tuple(anomalies))
    address, cluster = mapping.get("Address"), mapping.get("Cluster")
    if cluster is not None and not isinstance(cluster, Sequence) and not _is_null(cluster):
        anomalies.append(Anomaly("control-type", cluster.at, "its Cluster is not a list"))
    items = cluster.items if isinstance(cluster, Sequence) else ()
    members = tuple(masked_name(item.text) for item in items if isinstance(item, Scalar))
    text = masked_name(address.text) if isinstance(address, Scalar) and not _is_null(address) and address.text else None
    if text is None:
        other = next((name for name in mapping.names if name != "Address" and name.lower() == "address"), None)
        why = f"it has {other} instead of Address" if other else "it has no Address"
        anomalies.append(Anomaly("control-no-address", mapping.at, why))
    return Parsed(StartFile(text, members, mapping.at), tuple(anomalies))


def parse_tuning(blob: Blob) -> Parsed[Tuning]:
    """The `snapshot` part, and whether the rest can be read. An empty file is none at all; anomalies stop the start."""
    if not blob.read().strip():
        return Parsed(Tuning(None, None, None, blob.span()))
    mapping, anomalies = _mapping(blob)
    if mapping is None:
        return Parsed(None, tuple(anomalies))
    for key in ("network-latency", "kine-compact-interval", "kine-poll-interval"):
        value = mapping.get(key)
        if value is not None and not _is_duration(value):
            anomalies.append(Anomaly("control-type", value.at, f"its {key} is not a duration"))
    snapshot = mapping.get("snapshot")
    if snapshot is None or _is_null(snapshot):
        return Parsed(Tuning(None, None, None, mapping.at), tuple(anomalies))
    if not isinstance(snapshot, Mapping):
        anomalies.append(Anomaly("control-type", snapshot.at, "its snapshot is not a mapping"))
        return Parsed(Tuning(None, None, None, mapping.at), tuple(anomalies))
    threshold, trailing = _number(snapshot, "threshold", anomalies), _number(snapshot, "trailing", anomalies)
    strategy = snapshot.get("strategy")
    if strategy is not None and not isinstance(strategy, Scalar):
        anomalies.append(Anomaly("control-type", strategy.at, "its strategy is not a text"))
    return Parsed(Tuning(threshold, trailing, snapshot.text("strategy"), snapshot.at, True), tuple(anomalies))


def parse_failure_domain(blob: Blob) -> Parsed[int]:
    """One unsigned number; 0 where the file is empty. An anomaly stops the start."""
    if not blob.read().strip():
        return Parsed(0)
    parsed = parse_yaml(blob)
    if parsed.value is None:
        return Parsed(None, parsed.anomalies)
    number = _unsigned(parsed.value)
    if number is None:
        return Parsed(None, (Anomaly("control-type", blob.span(), "it is not a number of 0 or more"),))
    return Parsed(number)


def _mapping(blob: Blob) -> tuple[Mapping | None, list[Anomaly]]:
    parsed = parse_yaml(blob)
    anomalies = [anomaly for anomaly in parsed.anomalies if anomaly.code not in _HARMLESS]
    if parsed.value is not None and not isinstance(parsed.value, Mapping):
        anomalies.append(Anomaly("control-type", blob.span(), "it is not a mapping"))
    return parsed.value if isinstance(parsed.value, Mapping) else None, anomalies


def _number(mapping: Mapping, key: str, anomalies: list[Anomaly]) -> int | None:
    value = mapping.get(key)
    number = None if value is None else _unsigned(value)
    if value is not None and number is None:
        anomalies.append(Anomaly("control-type", value.at, f"its {key} is not a number of 0 or more"))
    return number


def _unsigned(value: Value) -> int | None:
    """As yaml.v2 puts a scalar into a uint64: whole numbers in its four notations, fractions cut off, nothing as 0."""
    if not isinstance(value, Scalar):
        return None
    if _is_null(value):
        return 0
    text = value.text.replace("_", "").lower().removeprefix("+")
    try:
        if re.fullmatch(r"0x[0-9a-f]+|0b[01]+|0o[0-7]+", text):
            number = int(text, 0)
        elif value.kind == "int" and re.fullmatch(r"\d{1,20}", text):
            number = int(text, 8 if text.startswith("0") and set(text) <= set("01234567") and len(text) > 1 else 10)
        elif value.kind == "float" or re.fullmatch(r"\d{1,9}e\d{1,2}", text):
            number = int(float(text))
        else:
            return None
    except (ValueError, OverflowError):
        return None
    return number if 0 <= number < _U64 else None


def _is_duration(value: Value) -> bool:
    """A number of nanoseconds, or Go's notation (`500ms`, `1h30m`)."""
    if not isinstance(value, Scalar):
        return False
    return value.kind in ("null", "int", "float") or _DURATION.fullmatch(value.text) is not None


def _is_null(value: Value) -> bool:
    return isinstance(value, Scalar) and value.kind == "null"
