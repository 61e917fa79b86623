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


_LIST = "- ID: 3297041220608546238\n  Address: 10.0.0.1:19001\n  Role: 0\n"
_OWN = "ID: 3297041220608546238\nAddress: 10.0.0.1:19001\nRole: 0\n"


def test_a_listing_and_yaml_in_one_folder_are_one_node(tmp_path: Path) -> None:
    """With and without host and directory in the listing; YAML as files of its name, or in texts of another."""
    forms = {
        "named": (EARLY, {"cluster.yaml": _LIST, "info.yaml": _OWN}),
        "nameless": (EARLY.replace(_PROMPT, "$ ls -l\n"), {"cluster.yaml": _LIST, "info.yaml": _OWN}),
        "texts": (EARLY, {"members.txt": _LIST, "me.txt": _OWN}),
        "nameless-texts": (EARLY.replace(_PROMPT, "$ ls -l\n"), {"members.txt": _LIST, "me.txt": _OWN}),
    }
    for form, (listing, yaml) in forms.items():
        folder = tmp_path / form
        folder.mkdir()
        _write(folder, ls=listing)
        for name, text in yaml.items():
            (folder / name).write_text(text, "utf-8")
        for given in (folder, tmp_path):  # as the whole input, and as a folder in one
            here = [state for state in _states(given) if given is folder or form in state.path.split("/")]
            assert [sorted(state.files.keys() - {"ls.txt"}) for state in here] == [
                [_FIRST, "cluster.yaml", "info.yaml", "metadata1", "open-1"]
            ], (form, [state.path for state in here])
            assert here[0].files["cluster.yaml"].blob is not None


def test_yaml_beside_two_nodes_listings_is_of_neither(tmp_path: Path) -> None:
    _write(tmp_path, one=EARLY, two=EARLY.replace("n1", "n2"), members=_LIST)
    assert sorted(len(state.files) for state in _states(tmp_path)) == [1, 3, 3]
