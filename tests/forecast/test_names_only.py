"""Content that is not at hand: what names and sizes decide holds whatever the files hold, as the real library shows."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from random import Random

import pytest

from bench.agreement.corpus import DAMAGE, Corpus, corpora, load_bases
from bench.agreement.state import State
from bench.agreement.verdict import recorded
from forensics.cli import main
from forensics.evidence import BytesBlob
from forensics.facts.start.simulated_files import Unread
from forensics.forecast.files import StateFile
from forensics.forecast.model import Forecast, forecast

RECORDS = Path("fixtures/forecast")
LOADING = [corpus for corpus in corpora(RECORDS) if corpus.number != 3]

NAMES = """\
total 29592
-rw------- 1 root root 8388608 Nov 23 08:11 0000000000000101-0000000000000200
-rw------- 1 root root 8388608 Nov 23 08:40 {second}
-rw------- 1 root root      32 Nov 23 09:00 metadata1
-rw------- 1 root root      32 Nov 23 09:01 metadata2
-rw------- 1 root root 8388608 Nov 23 09:12 open-1
-rw------- 1 root root 5123456 Nov 23 08:00 snapshot-3-150-99887766
-rw------- 1 root root      72 Nov 23 08:00 snapshot-3-150-99887766.meta
"""


def _forecast(corpus: Corpus, state: State, hidden: set[str]) -> Forecast:
    files = {
        name: StateFile(None)
        if data is None
        else StateFile(Unread(name, len(data)), unseen=True)
        if name in hidden
        else StateFile(BytesBlob(name, data))
        for name, data in state.items()
    }
    return forecast(files, corpus.library)


@pytest.mark.parametrize("corpus", LOADING, ids=lambda corpus: corpus.name)
def test_a_start_that_names_rule_out_fails_in_the_real_library(corpus: Corpus) -> None:
    """Of each recorded directory all content is hidden, then a part of it; the library saw the whole."""
    bases = load_bases(RECORDS, corpus.number)
    decided = 0
    every = 1 if corpus.number == 4 else 3  # it is small
    for row in islice(corpus.rows(), 0, None, every):
        state, _ = DAMAGE[corpus.number](bases[row["base"]], row["seed"])
        names = sorted(state)
        some = set(Random(row["seed"]).sample(names, len(names) // 2))  # noqa: S311 - repeatable, not secret
        for hidden in (set(names), some):
            said = _forecast(corpus, state, hidden)
            if said.outcome in ("fails", "crashes") and said.stage != "start" and said.undefined is None:
                assert recorded(row).result.get("load") != 0, (row["seed"], row["ops"], said.message, said.accident)
                decided += bool(said.unseen)
    assert decided > 5


def _said(capsys: pytest.CaptureFixture[str], tmp_path: Path, listing: str) -> tuple[int, str, str]:
    (tmp_path / "ls.txt").write_text(listing)
    code = main(["forecast", str(tmp_path / "ls.txt")])
    out, err = capsys.readouterr()
    return code, " ".join(out.split()), " ".join(err.split())


def test_a_listing_that_decides(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """201 to 209 are missing, and the snapshot ends before: uvFilterSegments refuses by names.

    Source: docs/reference/start.md#which-segments-are-used
    """
    code, out, _ = _said(capsys, tmp_path, NAMES.format(second="0000000000000210-0000000000000300"))
    assert code == 0
    assert "closed segment 0000000000000210-0000000000000300 is past last snapshot snapshot-3-150-99887766" in out
    assert "This follows from names and sizes alone" in out


def test_a_listing_that_does_not_decide(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The same without the gap: what the files hold decides, so nothing is foretold."""
    code, out, err = _said(capsys, tmp_path, NAMES.format(second="0000000000000201-0000000000000300"))
    assert (code, out) == (3, "")
    assert "from names and sizes alone nothing rules out a start" in err


def test_an_empty_metadata_file_does_not_decide(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A metadata file below 32 bytes is deleted, one above refused by its size.

    Source: docs/reference/metadata.md#metadata1-and-metadata2
    """
    listing = NAMES.format(second="0000000000000201-0000000000000300")
    short, long = listing.replace("     32 Nov 23 09:00", "     12 Nov 23 09:00"), listing.replace("     32", "     40")
    assert _said(capsys, tmp_path, short)[0] == 3
    code, out, _ = _said(capsys, tmp_path, long)
    assert code == 0
    assert "metadata1 has size 40 instead of 32" in out
