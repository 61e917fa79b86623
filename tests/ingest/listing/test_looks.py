"""Several listings of one directory are looks at different times, and are not mixed."""

from __future__ import annotations

from pathlib import Path

from forensics import pipeline
from forensics.evidence import BytesBlob
from forensics.ingest.listing import parse_listings
from forensics.ingest.state_directory import StateDirectory

_FOLDER = "/var/snap/microk8s/current/var/kubernetes/backend"
_PROMPT = f"root@n1:{_FOLDER}# ls -l\n"
_FIRST, _SECOND = "0000000000000001-0000000000000400", "0000000000000401-0000000000000800"


def _rows(day: int, *names: str) -> str:
    return "".join(f"-rw-rw---- 1 root root 8388608 Nov {day} 10:00 {name}\n" for name in names)


EARLY = f"{_PROMPT}total 16388\n{_rows(20, _FIRST, 'metadata1', 'open-1')}"
LATE = f"{_PROMPT}total 16388\n{_rows(21, _SECOND, 'metadata1', 'open-2')}"


def _states(folder: Path, *inputs: str) -> list[StateDirectory]:
    with pipeline.ingest([str(folder / name) for name in inputs or (".",)]) as evidence:
        return pipeline.directories(evidence)


def _write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")


def test_a_text_keeps_its_earlier_looks() -> None:
    (listing,) = parse_listings(BytesBlob("paste.txt", (EARLY + LATE).encode()))
    assert [entry.name for entry in listing.entries] == [_SECOND, "metadata1", "open-2"]
    assert [[entry.name for entry in look.entries] for look in listing.earlier] == [[_FIRST, "metadata1", "open-1"]]


def test_the_same_look_in_two_forms_is_one() -> None:
    plain = f"root@n1:{_FOLDER}# ls\n{_FIRST}\nmetadata1\nopen-1\n"
    for text in (plain + EARLY, EARLY + plain):
        (listing,) = parse_listings(BytesBlob("paste.txt", text.encode()))
        assert not listing.earlier
        assert all(entry.sized for entry in listing.entries)


def test_the_look_with_the_newest_time_is_the_last_one_in_whatever_order(tmp_path: Path) -> None:
    _write(tmp_path, before=EARLY, now=LATE, both=EARLY + LATE, reversed=LATE + EARLY)
    for inputs in (("both.txt",), ("reversed.txt",), ("before.txt", "now.txt"), ("now.txt", "before.txt")):
        (state,) = _states(tmp_path, *inputs)
        assert (sorted(state.files), len(state.looks)) == ([_SECOND, "metadata1", "open-2"], 1), inputs
        assert sorted(state.looks[0].files) == [_FIRST, "metadata1", "open-1"], inputs


def test_texts_in_one_folder_are_looks_too(tmp_path: Path) -> None:
    _write(tmp_path, before=EARLY, now=LATE)
    (state,) = _states(tmp_path)
    assert (sorted(state.files), len(state.looks)) == ([_SECOND, "metadata1", "open-2"], 1)


def test_without_times_the_log_that_goes_further_is_the_later_one(tmp_path: Path) -> None:
    """Raft's indexes only grow."""
    early, late = (f"{_PROMPT}{name}\nmetadata1\n" for name in (_FIRST, _SECOND))
    _write(tmp_path, paste=late + early)
    (state,) = _states(tmp_path)
    assert (_SECOND in state.files, len(state.looks)) == (True, 1)


def test_a_look_at_other_files_of_the_directory_adds_to_the_last_one(tmp_path: Path) -> None:
    """`ls 0000*` and `ls meta*`: parts of one look, as no name stands in both."""
    one, other = (f"root@n1:{_FOLDER}# ls -l\n{_rows(20, name)}" for name in (_FIRST, "metadata1"))
    _write(tmp_path, paste=one + other)
    (state,) = _states(tmp_path)
    assert (sorted(state.files), state.looks) == ([_FIRST, "metadata1"], ())
