"""The model against the real library: recorded verdicts, and a sample asked again where libraft is installed."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from bench.agreement import start_verdict
from bench.agreement.__main__ import main
from bench.agreement.corpus import Corpus, corpora, load_bases
from bench.agreement.damage import snapshot_contents as third
from bench.agreement.damage.raft_files_and_names import damage
from bench.agreement.state import State
from bench.agreement.verdict import differences, recorded, simulated
from fixtures.forecast import oracle
from forensics.forecast.versions import library

RECORDS = Path("fixtures/forecast")


@pytest.fixture(scope="module")
def bases() -> dict[int, dict[str, State]]:
    real, own = load_bases(RECORDS, 1), load_bases(RECORDS, 2)
    return {1: real, 2: own, 3: own, 4: real}


def _disagreements(corpus: Corpus, bases: dict[str, State], every: int) -> list[object]:
    compared = [corpus.compare(row, bases) for row in islice(corpus.rows(), 0, None, every)]
    assert compared
    return [row for row in compared if row.differences and row.undefined is None]


@pytest.mark.parametrize("corpus", corpora(RECORDS), ids=lambda corpus: corpus.name)
def test_a_sample_of_the_record_agrees(corpus: Corpus, bases: dict[int, dict[str, State]]) -> None:
    assert _disagreements(corpus, bases[corpus.number], every=25) == []


@pytest.mark.slow
@pytest.mark.parametrize("corpus", corpora(RECORDS), ids=lambda corpus: corpus.name)
def test_the_whole_record_agrees(corpus: Corpus, bases: dict[int, dict[str, State]]) -> None:
    assert _disagreements(corpus, bases[corpus.number], every=1) == []


def test_the_record_is_as_large_as_it_claims() -> None:
    sizes = {corpus.name: sum(1 for _ in corpus.rows()) for corpus in corpora(RECORDS)}
    assert sizes["corpus-1-libraft-0.15.0"] == 1200
    assert sizes["corpus-1-dqlite-1.18.6"] == 1200
    assert sizes["corpus-2-libraft-0.15.0"] >= 5000
    assert sizes["corpus-4-dqlite-main"] == sizes["corpus-4-dqlite-1.18.6"] == 300


def test_seeds_that_nobody_recorded(tmp_path: Path, bases: dict[int, dict[str, State]]) -> None:
    """Asked live where libraft can be built against; elsewhere the record answers for its own seeds."""
    binary = oracle.build(tmp_path)
    names = sorted(bases[2])
    if binary is None:
        corpus = next(one for one in corpora(RECORDS) if one.name == "corpus-2-libraft-0.15.0")
        assert _disagreements(corpus, bases[2], every=40) == []
        return
    for seed in range(1_000_000, 1_000_120):
        state, operations = damage(bases[2][names[seed % len(names)]], seed)
        got = simulated(state, library("1.11"))
        if got.undefined is None:
            assert differences(recorded(oracle.ask(binary, state)), got) == [], (seed, operations)


def test_real_nodes_on_seeds_that_nobody_recorded(tmp_path: Path, bases: dict[int, dict[str, State]]) -> None:
    """Nodes of Debian's libdqlite, started on copies; where it cannot be had, the record answers."""
    binary = oracle.build(tmp_path, "node_start")
    names = sorted(bases[3])
    if binary is None:
        corpus = next(one for one in corpora(RECORDS) if one.name == "corpus-3-dqlite-1.11.1")
        assert _disagreements(corpus, bases[3], every=20) == []
        return
    for seed in range(2_000_000, 2_000_060):
        base = bases[3][names[seed % len(names)]]
        state, operations = third.damage(base, seed)
        said = start_verdict.simulate(state, library("1.11"), start_verdict.node_id(base))
        if said.undefined is None:
            result = oracle.start(binary, state, start_verdict.node_id(base))
            assert start_verdict.differences(result, said) == [], (seed, operations)


def test_the_number_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(RECORDS), "--every", "300"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(corpora(RECORDS))
    assert lines[0].startswith("corpus-1-dqlite-1.18.6 (dqlite 1.18.6): 4 of 4 agree (100.00 %)")


def test_a_disagreement_is_printed_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same verdicts, told to be those of another version, do not agree."""
    (tmp_path / "bases-1.tar.xz").symlink_to((RECORDS / "bases-1.tar.xz").resolve())
    verdicts = (RECORDS / "corpus-1-libraft-0.15.0.jsonl.gz").resolve()
    (tmp_path / "corpus-1-dqlite-1.18.6.jsonl.gz").symlink_to(verdicts)
    assert main([str(tmp_path), "--every", "10"]) == 1
    assert "library" in capsys.readouterr().out
