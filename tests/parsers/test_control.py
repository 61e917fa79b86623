"""Control files of k8s-dqlite, taken and refused as yaml.v2 2.4.0 takes and refuses them.

The answers are yaml.v2's own: each text was unmarshalled into the types of pkg/server/types.go (uint64, time.Duration,
string) by Go 1.26. The effective snapshot parameters are worked out by hand from pkg/server/server.go.
"""

from __future__ import annotations

import pytest

from forensics.evidence import BytesBlob
from forensics.parsers.control import parse_failure_domain, parse_start_file, parse_tuning


def blob(text: str) -> BytesBlob:
    return BytesBlob("control", text.encode())


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0), ("\n", 0), ("~", 0), ("1", 1), ("0x10", 16), ("0o17", 15), ("017", 15), ("1.0", 1), ("1.5", 1),
        ("1_000", 1000), ("18446744073709551615", 18446744073709551615), ("1 # c", 1), ("+5", 5), ("0b11", 3),
        ("1e3", 1000), ("-1", None), ("abc", None), ("'5'", None), ("[1]", None), ("true", None), ("\0", None),
        ("5\0", None),
    ],
)  # fmt: skip
def test_failure_domain(text: str, number: int | None) -> None:
    parsed = parse_failure_domain(blob(text))
    assert parsed.value == number
    assert bool(parsed.anomalies) is (number is None)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", True), ("snapshot:", True), ("snapshot: {}", True), ("snapshot: 5", False),
        ("snapshot: {threshold: abc}", False), ("snapshot: {threshold: -1}", False),
        ("snapshot: {threshold: '5', trailing: 6.0}", False), ("snapshot: {Threshold: 5}", True),
        ("network-latency: 5ms", True), ("network-latency: 5", True), ("network-latency: abc", False),
        ("network-latency: 1.5", True), ("network-latency: ''", False), ("kine-compact-interval: 5 min", False),
        ("foo: 1", True), ("- a", False), ("snapshot: {strategy: [a]}", False), ("snapshot: {strategy: 5}", True),
        ("snapshot: {threshold: 1, threshold: 2}", True), ("snapshot: {threshold: 1e3}", True),
        ("network-latency: -5ms", True), ("network-latency: true", False), ("abc", False),
    ],
)  # fmt: skip
def test_tuning_is_read_or_refused(text: str, read: bool) -> None:
    assert (not parse_tuning(blob(text)).anomalies) is read


@pytest.mark.parametrize(
    ("threshold", "trailing", "effective"),
    [
        (None, None, (0, 512)),  # trailing 0 → 512; threshold 0 → 0 * 3/4
        (1024, 8, (8, 512)),  # threshold above trailing as written → 8; trailing → 512
        (0, 4096, (3072, 4096)),  # three quarters
        (100, 50, (50, 512)),  # below 384 → 384, then above trailing as written → 50
        (100, 1000, (384, 1000)),
        (400, 450, (400, 512)),
        (16384, 32768, (16384, 32768)),
    ],
)
def test_effective_parameters(threshold: int | None, trailing: int | None, effective: tuple[int, int]) -> None:
    fields = {"threshold": threshold, "trailing": trailing}
    inner = ", ".join(f"{key}: {value}" for key, value in fields.items() if value is not None)
    tuning = parse_tuning(blob(f"snapshot: {{{inner}}}")).value
    assert tuning is not None
    assert tuning.effective == effective


def test_without_a_snapshot_part_the_defaults_stand() -> None:
    tuning = parse_tuning(blob("network-latency: 5ms")).value
    assert tuning is not None
    assert tuning.effective == (512, 4096)


@pytest.mark.parametrize(
    ("text", "address", "starts"),
    [
        ("", None, False), ("Address: a:1", "a:1", True), ("address: a:1", None, False), ("Address: [a]", None, False),
        ("Address: 5", "5", True), ("Address: ~", None, False), ("Address: a:1\nCluster: b:1", "a:1", False),
        ("- a", None, False), ("Address: a:1\nAddress: b:1", "b:1", True),
        ("Address: a:1\nextra: {x: [1]}", "a:1", True), ("abc", None, False), ("Address: true", "true", True),
    ],
)  # fmt: skip
def test_start_files(text: str, address: str | None, starts: bool) -> None:
    """Refused by yaml.v2, or read with an empty address, which k8s-dqlite refuses."""
    parsed = parse_start_file(blob(text))
    assert (parsed.value.address if parsed.value else None) == address
    assert (not parsed.anomalies) is starts
