"""Fixtures made small: they are fixtures that hold, and say what the whole input said."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics.check.build import build, pack
from forensics.check.manifest import load
from forensics.check.run import differences, document_of
from forensics.check.tree import File
from forensics.cli import main
from forensics.evidence import BytesBlob
from forensics.ingest.source import Source
from forensics.parsers.segment import EntryType
from forensics.parsers.segment_walk import parse_segment
from forensics.pipeline import take
from forensics.shrink.batches import emptied, full_batches
from forensics.shrink.judge import Judge
from forensics.shrink.run import shrink
from tests.fixtures import fixture, report
from tests.raft_bytes import Made, segment

# Of each: the rules that the whole fixture was made to show (fixtures/*/*/fixture.toml).
SAMPLE = {"segment/flipped-bit-last": "SEG001", "journal/log-behind-snapshot": "JRN004"}


@pytest.mark.parametrize("name", SAMPLE)
def test_a_shrunk_fixture_holds_and_is_small(name: str, tmp_path: Path) -> None:
    whole = fixture(name)
    given = pack(build(whole), whole.pack)
    path = tmp_path / f"input.{'txt' if whole.pack == 'text' else whole.pack}"
    path.write_bytes(given)
    out = tmp_path / "topic" / "small"
    out.parent.mkdir()
    assert main(["shrink", str(path), "-o", str(out)]) == 0
    small = load(out)
    document = document_of(small)
    assert not differences(small, document)
    assert SAMPLE[name] in {finding.rule for finding in document.findings}
    assert SAMPLE[name] in {finding.rule for finding in report(name).findings}
    if whole.pack != "text":  # a text of some lines is smaller than what says what must be found in it
        assert 10 * sum(file.stat().st_size for file in out.iterdir()) <= len(given)


def test_a_finding_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "listing.txt"
    path.write_bytes(pack(build(fixture("journal/log-behind-snapshot")), "text"))
    assert main(["shrink", str(path), "-o", str(tmp_path / "out"), "--finding", "SEG001"]) == 2
    assert "none of these findings" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_without_time_all_is_written_and_said() -> None:
    """One run tells what the input shows; no other is begun."""
    content = pack(build(fixture("segment/flipped-bit-last")), "tar")
    source = Source("input.tar", "tar", len(content), BytesBlob("input.tar", content), "input.tar")
    with take([source]) as evidence:
        done = shrink(evidence, seconds=0)
    assert not done.whole
    assert done.runs == 1
    assert done.after == done.before
    assert "SEG001" in {finding.rule for finding in done.findings}


def test_a_run_that_would_take_longer_than_is_left_is_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first run of 2 MiB takes 6 of 10 seconds: 4 are left."""
    clock = iter((0.0, 0.0, 6.0))
    monkeypatch.setattr("forensics.shrink.judge.time.monotonic", lambda: next(clock, 6.0))
    judge = Judge("tar", seconds=10.0)
    tree = {"n1/journal.log": File(b"a\n" * (1 << 20))}
    with monkeypatch.context() as patched:
        patched.setattr(Judge, "_document", lambda *_: None)
        judge.document(tree)
    assert not judge.is_over
    assert not judge.holds(tree)
    assert judge.is_over
    assert judge.runs == 1


def test_commands_become_barriers_at_their_indexes() -> None:
    """Three batches, the second of a barrier: the first and third have a command; 8 bytes take its place."""
    content = segment([[Made(payload=bytes(64))], [Made(type=2, payload=bytes(8))], [Made(payload=bytes(640))]])
    batches = full_batches(content)
    assert len(batches) == 2
    new = parse_segment(emptied(content, batches[1:], keeps_size=False))
    assert list(new.types) == [EntryType.COMMAND, EntryType.BARRIER, EntryType.BARRIER]
    assert list(new.sizes) == [64, 8, 8]
    assert not new.damaged
    assert len(emptied(content, batches, keeps_size=True)) == len(content)
