"""The gate: what of a line may be shown. Each form with each kind of secret: tests/canaries."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from forensics.masking.text import MASK, masked_line, masked_name, shown, shown_beside
from tests.canaries.forms import IN_LINES, WITH_BLANKS
from tests.canaries.secret import ANYWHERE, CHOSEN, Planter

MESSAGES = Path(__file__).resolve().parents[1] / "parsers" / "messages.txt"


@pytest.mark.parametrize("form", IN_LINES)
def test_behind_every_name_every_kind_is_masked(form: str) -> None:
    planter = Planter(seed=len(form))
    for kind in (*ANYWHERE, *CHOSEN):
        line = f'level=error msg="no space left on device" {form.format(planter.of(kind, form))} and more'
        masked = masked_line(line)
        assert not [needle for needle in planter.canaries[-1].needles() if needle in masked], masked
        assert masked.startswith('level=error msg="no space left on device" ')


@pytest.mark.parametrize("form", WITH_BLANKS)
def test_words_between_quotes(form: str) -> None:
    planter = Planter()
    masked = masked_line(form.format(planter.blanks(form)))
    assert not [needle for needle in planter.canaries[-1].needles() if needle in masked], masked


@pytest.mark.parametrize("kind", ANYWHERE)
def test_what_looks_random_is_masked_wherever_it_stands(kind: str) -> None:
    """Of a thousand of each kind; fewer than one in five hundred look like a name by chance."""
    planter = Planter()
    lines = [masked_line(f"the thing {planter.of(kind, kind)} is there") for _ in range(1000)]
    leaks = [line for line, canary in zip(lines, planter.canaries, strict=True) if canary.text in line]
    assert len(leaks) <= 2, leaks
    assert all(line.startswith("the thing ") and line.endswith(" is there") for line in lines)


@pytest.mark.parametrize("line", [line for line in MESSAGES.read_text().splitlines() if line and line[0] not in "=#"])
def test_known_messages_stay_as_they_are(line: str) -> None:
    """But for what they say of a token."""
    masked = masked_line(line)
    assert masked == line or "oken" in line


@pytest.mark.parametrize(
    "line",
    [
        "dial tcp 10.0.0.1:9001: connect: connection refused",
        "dial tcp [fd42:1:2::3]:9001: i/o timeout after 1m2.5s",
        'Get "https://10.0.0.1:6400/1.0/k8sd/cluster/tokens": Daemon not yet initialized',
        "POST /k8sd/cluster/tokens: Daemon not yet initialized",
        "Out of memory: Killed process 4711 (k8s-dqlite) total-vm:9114528kB, anon-rss:8114MiB, file-rss:0B",
        "2026-01-05T10:00:00.123456Z level=error pid=4711 attempt=3",
        "open /var/snap/k8s/common/var/lib/k8s-dqlite/cluster.key: permission denied",
        "read snapshot-1974-1879015910-14365864391436586439.meta: checksum mismatch",
        "load closed segment 0000000000000001-0000000000000469: found 469 entries",
        "pod coredns-7745f9f87f-x7k2p of node ip-10-0-0-1 restarted 3 times",
        "uvAliveSegmentReady: Assertion `segment->written' failed at uv_append.c:325",
        "node 3297041220608546238 has the raft ID 0x2dc171858c3155be",
        "the flux compensator of zorkmid-2 whirrs: EFROBNICATE",  # nobody knows these words
        "request 3f2504e0-4f89-11d3-9a0c-0305e82c3301 failed: invalid token format",
        "sosreport-node1-2026-01-05-xkqzrbv/sos_commands/dqlite",
        "basic authentication is not allowed; token expired",
    ],
)
def test_errors_stay_readable(line: str) -> None:
    assert masked_line(line) == line


def test_names_that_look_random_keep_their_length_and_of_long_ones_a_digest() -> None:
    assert masked_name("node-1.example.com:9001") == "node-1.example.com:9001"
    assert masked_name("x9KhfdAi0COUUxS9") == "[16 characters]"
    one, other = (masked_name("eyJ" + "".join(random.Random(seed).choices("aB3xY9", k=60))) for seed in (1, 2))  # noqa: S311
    assert one != other
    assert one.startswith("[63 characters, ")


def test_whatever_an_output_is_made_of_is_judged() -> None:
    token = "x9KhfdAi0COUUxS9"  # noqa: S105 - made up
    path = f"state/{token}/metadata1"
    held = {"path": path, "more": [token, 5, None]}
    assert shown(held) == {"path": f"state/{MASK}/metadata1", "more": [MASK, 5, None]}


def test_what_the_reader_gave_himself_is_repeated_to_him() -> None:
    mine, other = "/tmp/tmp.x9KhfdAi0CO", "x9KJ7ZRunYWln8JR"  # noqa: S108 - a name
    assert shown_beside(f"{mine}: no {other} in it", [mine, ""]) == f"{mine}: no {MASK} in it"


def test_long_lines_take_no_time() -> None:
    """Each form tries each place once: 4 KiB of what begins like a secret, and never ends as one."""
    for piece in ("token ", "a-", "://", "key=", "--", "\\", "'", "password: ", "x.", "mysql ", "-----BEGIN A", "a b:"):
        began = time.process_time()
        masked_line(piece * (4096 // len(piece)))
        assert time.process_time() - began < 1


def test_keys_of_findings_keep_their_parts_apart() -> None:
    """A certificate's short fingerprint has 16 digits; what is masked in a key takes nothing else with it."""
    key = "CERT003.own|n1||d58cb6c6db70130f"
    assert shown(key) == key
    assert shown("DB001.x|n1|x9KhfdAi0COUUxS9|5") == f"DB001.x|n1|{MASK}|5"


@pytest.mark.parametrize(
    "line",
    ["/root/secret: correct horse battery staple", "secret: daemon not yet initialized", "/k8sd/tokens: abc9KQ7w not"],
)
def test_behind_a_path_only_known_words_that_complain_stay(line: str) -> None:
    assert masked_line(line).endswith(f": {MASK}")


@pytest.mark.parametrize("line", ["password::hunter2", "token::hunter2", "secret ::hunter2", "token::capi: hunter2"])
def test_two_colons_are_a_sign_like_one(line: str) -> None:
    assert "hunter2" not in masked_line(line)


def test_the_name_of_a_setting_is_not_its_value() -> None:
    assert masked_line("cluster configuration token::capi added") == "cluster configuration token::capi added"
