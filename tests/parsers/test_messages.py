"""Whatever raft, dqlite, go-dqlite, k8s-dqlite and MicroK8s say at a start or while running leads to its cause.

messages.txt holds the texts by what they are, wrapped as the programs wrap them
(docs/reference/start.md#order-of-events), and everyday lines that
are none. Sources: canonical/dqlite src/raft/uv*.c, src/server.c, src/gateway.c; canonical/go-dqlite app, client;
canonical/k8s-dqlite cmd, pkg; canonical/microk8s-cluster-agent pkg/api; kubernetes/kubernetes apiserver, client-go.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from forensics.evidence import BytesBlob
from forensics.parsers.journal import parse_journal
from forensics.parsers.messages import MESSAGES, held, needles


def texts() -> Iterator[tuple[str, str]]:
    code = ""
    for line in Path(__file__).with_name("messages.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            code = line.removeprefix("== ")
        elif line:
            yield code, line


def test_every_message_has_a_text_in_messages_txt() -> None:
    """As the program writes it. Harmless ones are dropped, and stand under `(none)`."""
    without = {message.code for message in MESSAGES} - {code for code, _ in texts()} - {"harmless"}
    assert not without, f"no text of {', '.join(sorted(without))}: docs/contributing/journal-message.md"


_OUTSIDE = (
    *("join-failed", "start-failed", "bootstrap-failed", "first-query-failed", "certificate-refused", "query-failed"),
)


@pytest.mark.parametrize(("code", "text"), list(texts()))
def test_each_text_leads_to_its_cause(code: str, text: str) -> None:
    """What is wrapped in a text that only says where it failed is the better answer: see forensics/parsers/errors."""
    said = [line.code for line in parse_journal(BytesBlob("journal", text.encode())).lines]
    if code == "(none)":
        assert not set(said) & {message.code for message in MESSAGES}
    elif code in _OUTSIDE:
        assert said == [code] or (len(said) == 1 and said[0].startswith("error-"))
    else:
        assert said == [code]


@pytest.mark.parametrize(
    "text", sorted({text for code, text in texts() if code.startswith(("segment-", "gap-", "log-"))})
)
def test_a_text_that_a_terminal_broke_is_read_whole(text: str) -> None:
    """Wherever the break lies behind column 80: forums show what the terminal showed."""
    code = next(code for code, known in texts() if known == text)
    prefix = 'Jan  5 10:00:01 node-1 k8s.k8s-dqlite[4711]: level=fatal msg="Failed to start server: '
    whole = prefix + text
    for at in range(max(80, whole.index("segment") + 30 if "segment" in whole else 80), len(whole), 7):
        broken = f"{whole[:at]}\n{whole[at:]}\nJan  5 10:00:02 node-1 systemd[1]: Stopped.\n"
        assert code in [line.code for line in parse_journal(BytesBlob("journal", broken.encode())).lines], broken


def test_what_follows_is_not_taken_for_the_rest_of_a_line() -> None:
    text = (
        "Jan  5 10:00:01 node-1 k8s.k8s-dqlite[4711]: Error: start node: raft_start(): \n"
        "Jan  5 10:00:02 node-1 k8s.k8s-dqlite[4712]: io: metadata1 and metadata2 are both at version 7\n"
    )
    assert [line.code for line in parse_journal(BytesBlob("journal", text.encode())).lines] == [
        "start-no-reason",
        "metadata-damaged",
    ]


@pytest.mark.parametrize(
    "line",
    [
        'level=fatal msg="x" error="failed to create dqlite app: bootstrap node can\u2019t join a cluster\u201d',
        "error=&quot;failed to create dqlite app: bootstrap node can&#x27;t join a cluster&quot;",
        '{"MESSAGE":"level=fatal error=\\"failed: bootstrap node can\'t join a cluster\\"","_HOSTNAME":"n1"}',
    ],
)
def test_quotes_as_forums_json_and_html_write_them(line: str) -> None:
    assert [found.code for found in parse_journal(BytesBlob("journal", line.encode())).lines] == ["bootstrap-joins"]


def test_needles_stay_within_a_line() -> None:
    """Lines are told apart behind the search: a needle over a line's end would be counted to the wrong one."""
    assert not [needle for needle in needles() if b"\n" in needle or not needle]


def test_every_needle_of_a_line_is_found_overlapping_ones_too() -> None:
    """Held against a search for each by itself."""
    for _, text in texts():
        raw = text.encode()
        assert sorted(held(raw)) == sorted(needle for needle in needles() if needle in raw)
