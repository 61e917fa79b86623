"""The tables on disk: whatever a run dies of between two writes, what is listed is whole, and nothing else counts."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forensics.errors import InputError
from forensics.fleet import parquet
from forensics.fleet.key import key_of
from forensics.fleet.model import FleetCase, Outcome, Settings, State
from forensics.fleet.notes import notes_of
from forensics.fleet.parquet import FOLDER, column_rows, commit, compact, parts_of, rows_by_table
from forensics.fleet.questions import asking
from forensics.fleet.rows import week_of
from forensics.fleet.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(str(tmp_path / "store"))


def _commit(store: Store, *names: str, finished: float = 1.0) -> None:
    outcomes = [Outcome(FleetCase(name, (name,), "stamp"), "", State.REFUSED, finished=finished) for name in names]
    commit(store, rows_by_table(outcomes, "variant", set()))


def _names(store: Store) -> list[str]:
    return sorted(name for (name,) in column_rows(store, "cases", ("name",)))


class Killed(BaseException):
    """What a kill is to the code: nothing after it runs."""


def _killed(*_: Any) -> None:
    raise Killed


def test_a_part_that_is_not_listed_does_not_count(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    _commit(store, "a")
    with monkeypatch.context() as patched:
        patched.setattr(parquet, "_list", _killed)
        with pytest.raises(Killed):
            _commit(store, "b")
    assert len(store.names(*FOLDER, "cases")) == 2
    assert _names(store) == ["a"]
    _commit(store, "b")
    assert _names(store) == ["a", "b"]


def test_compaction_keeps_every_row_also_where_it_is_killed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        _commit(store, f"{number:02}")
    before = _names(store)
    with monkeypatch.context() as patched:
        patched.setattr(parquet, "_list", _killed)
        with pytest.raises(Killed):
            compact(store)
    assert _names(store) == before
    compact(store)
    assert len(parts_of(store)["cases"]) == 1
    assert _names(store) == before


def test_old_parts_are_removed_when_they_are_old(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        _commit(store, f"{number:02}")
    compact(store)
    assert len(store.names(*FOLDER, "cases")) == 21
    monkeypatch.setattr(parquet, "_ORPHAN_SECONDS", -1)
    compact(store)
    assert len(store.names(*FOLDER, "cases")) == 1


def test_a_case_that_is_judged_again_counts_once(store: Store) -> None:
    _commit(store, "a", finished=1.0)
    _commit(store, "a", finished=2.0)
    with asking(store) as questions:
        assert questions.rows("SELECT count(*) FROM cases") == [(1,)]
        assert questions.rows("SELECT count(*) FROM all_cases") == [(2,)]


def test_a_file_has_its_name_only_when_it_is_whole(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", _killed)
        with pytest.raises(Killed):
            store.put_report("key", b"half")
    assert not store.has_report("key")
    assert not store.names("reports")


def test_a_key_depends_on_options_and_not_on_what_a_case_may_take(tmp_path: Path) -> None:
    upload = tmp_path / "upload"
    upload.write_text("x")
    paths = (str(upload),)
    plain = key_of(paths, Settings())
    assert key_of(paths, Settings(deadline=1, memory=1)) == plain
    assert key_of(paths, Settings(as_of=0.0)) != plain
    assert key_of(paths, Settings(limits=(("FILES_MAX", 5),))) != plain


def test_weeks_are_those_of_iso_8601() -> None:
    """2027-01-01 is a Friday, of the week that began on Monday, the 28th of December."""
    assert week_of("2026-11-23T13:00:00+00:00") == "2026-W48"
    assert week_of("2027-01-01T00:00:00+00:00") == "2026-W53"
    assert week_of(None) is None


@pytest.mark.parametrize("damage", [Path.unlink, lambda part: os.truncate(part, 100)], ids=["gone", "cut off"])
def test_a_damaged_part_is_named(damage: Callable[[Path], None], store: Store) -> None:
    _commit(store, "a")
    (name,) = store.names(*FOLDER, "cases")
    damage(Path(store.path(*FOLDER, "cases", name)))
    with pytest.raises(InputError, match=name), asking(store):
        pass
    with pytest.raises(InputError, match=name):
        _names(store)


@pytest.mark.parametrize(
    ("names", "read"),
    [((*FOLDER, "parts.json"), parts_of), (("notes", "1.json"), notes_of), (("aside", "1.json"), Store.aside)],
    ids=["parts", "notes", "aside"],
)
def test_a_damaged_file_is_named(names: tuple[str, ...], read: Callable[..., Any], store: Store) -> None:
    store.put(b"{", *names)
    with pytest.raises(InputError, match="/".join(names)):
        read(store, *(["1"] if read is Store.aside else []))
