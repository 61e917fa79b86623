"""What is one case: by folder, by list, by glob, by an expression."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics.errors import InputError, UsageError
from forensics.fleet.sources import find_cases


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two archives and a folder; below it a case that came in two parts."""
    folder = tmp_path / "uploads"
    for name in ("SF1-n1.tar", "SF1-n2.tar", "SF2/n1/metadata1", "SF2/n2/metadata1", ".hidden"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return folder


def _found(*sources: str, case_by: str | None = None) -> dict[str, list[str]]:
    return {case.name: [Path(path).name for path in case.paths] for case in find_cases(sources, case_by)}


def test_each_entry_of_a_folder_is_a_case(folder: Path) -> None:
    assert _found(str(folder)) == {
        "uploads/SF1-n1.tar": ["SF1-n1.tar"],
        "uploads/SF1-n2.tar": ["SF1-n2.tar"],
        "uploads/SF2": ["SF2"],
    }


def test_an_expression_puts_uploads_together(folder: Path) -> None:
    """A folder in whose name it ends is the input, with all that lies below."""
    assert _found(str(folder), case_by=r"^(SF\d+)") == {"SF1": ["SF1-n1.tar", "SF1-n2.tar"], "SF2": ["SF2"]}
    assert _found(str(folder), case_by=r"(?P<case>SF\d+)/n\d") == {"SF2": ["n1", "n2"]}


def test_what_a_glob_or_a_list_names_is_a_case(folder: Path, tmp_path: Path) -> None:
    assert sorted(_found(f"{folder}/SF1-*")) == [f"{folder}/SF1-n1.tar", f"{folder}/SF1-n2.tar"]
    listed = tmp_path / "list"
    listed.write_text(f"{folder}/SF2\n\n{folder}/SF1-n1.tar\n")
    assert sorted(_found(f"@{listed}")) == [f"{folder}/SF1-n1.tar", f"{folder}/SF2"]


def test_folders_of_one_name_do_not_mix(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "uploads"
    other.mkdir(parents=True)
    (other / "SF1-n1.tar").write_text("another")
    found = _found(str(folder), str(other))
    assert found["uploads/SF1-n1.tar"] == ["SF1-n1.tar"]
    assert found[f"{other}/SF1-n1.tar"] == ["SF1-n1.tar"]


def test_a_stamp_changes_with_a_file(folder: Path) -> None:
    def stamp() -> str:
        return next(case.stamp for case in find_cases([str(folder)]) if case.name == "uploads/SF2")

    before = stamp()
    assert stamp() == before
    (folder / "SF2" / "n1" / "metadata2").write_text("more")
    assert stamp() != before


def test_what_is_no_source_is_refused(folder: Path) -> None:
    with pytest.raises(InputError):
        find_cases([str(folder / "none")])
    with pytest.raises(InputError):
        find_cases([str(folder / "none*")])
    with pytest.raises(InputError):
        find_cases([f"@{folder}/none"])
    with pytest.raises(UsageError):
        find_cases([str(folder)], "(")


def test_a_url_with_a_password_is_refused_and_not_repeated() -> None:
    with pytest.raises(UsageError) as refused:
        find_cases(["s3://AKIAEXAMPLE:s3cr3tpassw0rd@bucket/uploads"])
    assert "s3cr3t" not in str(refused.value)
