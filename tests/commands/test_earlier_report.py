"""`analyze OLD-REPORT.json NEW-UPLOAD`: which open questions the upload answers, and whom only the report saw."""

from __future__ import annotations

import json
import re
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forensics.cli import main
from tests.made_clusters import BASES

IDS = {"n1": "3297041220608546238", "n2": "8324323419076103747", "n3": "15689037996038819602"}
ADDRESSES = {name: f"127.20.25.{name[1]}:8443" for name in IDS}
"""Of the recording lxd-database, by its manifest."""


@pytest.fixture(autouse=True, scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some recordings, unpacked once."""
    folder = tmp_path_factory.mktemp("recordings")
    for name in ("lxd-database", "s111", "p111"):
        with tarfile.open(BASES / f"{name}.tar.xz") as archive:
            archive.extractall(folder, filter="data")
    return folder


def upload(recordings: Path, folder: Path, base: str, *nodes: str) -> str:
    """An upload of some nodes of a recording."""
    folder.mkdir()
    for name in nodes:
        (folder / name).symlink_to(recordings / base / name)
    archive = folder.with_suffix(".tar")
    with tarfile.open(archive, "w", dereference=True) as tar:
        tar.add(folder, folder.name)
    return str(archive)


def analyzed(folder: Path, *inputs: str) -> tuple[Path, dict[str, Any]]:
    """The report's file, and what is in it."""
    path = folder / f"report{len(list(folder.glob('report*.json')))}.json"
    assert main(["analyze", *inputs, "--json", str(path), "-q", "--fail-on", "never"]) in (0, 4)
    return path, json.loads(path.read_text(encoding="utf-8"))


def asked(earlier: dict[str, Any], part: str) -> list[tuple[str, list[str]]]:
    """Questions on nodes and files, of one part."""
    return [(one["kind"], one["nodes"]) for one in earlier[part] if one["kind"] != "not-checked"]


def wanted(report: dict[str, Any]) -> list[list[str]]:
    """Whom the report asks for something; `ask` and `collect` ask for the same."""
    assert [one["nodes"] for one in report["case"]["ask"]] == [one["nodes"] for one in report["collect"]]
    return [one["nodes"] for one in report["collect"]]


def steps_of(report: dict[str, Any]) -> list[tuple[list[list[str]], list[str]]]:
    """Of each first step: on which nodes, and what is typed."""
    return [
        (
            [run["nodes"] for run in step["runs"] if run["nodes"]],
            [command.split(" > ")[0] for command in step["commands"]],
        )
        for step in report["case"]["first"]
    ]


BOTH: tuple[list[list[str]], list[str]] = ([], ["dqlite-forensics analyze EARLIER UPLOAD"])


def altered(recordings: Path, folder: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """A copy of a node of lxd-database with another open-1."""
    shutil.copytree(recordings / "lxd-database" / name, folder / name)
    path = folder / name / "open-1"
    path.write_bytes(change(path.read_bytes()))
    return folder / name


def test_the_absent_member_arrives(recordings: Path, tmp_path: Path) -> None:
    """First n1 and n2, then n2 and n3: n3 was asked for. n1 is known from the first upload: whole to entry 73, safe."""
    old, _ = analyzed(tmp_path, upload(recordings, tmp_path / "a", "lxd-database", "n1", "n2"))
    _, new = analyzed(tmp_path, str(old), upload(recordings, tmp_path / "b", "lxd-database", "n2", "n3"))
    earlier = new["earlier"]
    assert (earlier["name"], earlier["related"]) == ("report0.json", True)
    assert asked(earlier, "answered") == [("absent", [ADDRESSES["n3"]])]
    assert asked(earlier, "stillOpen") == []
    (seen,) = earlier["nodesSeenBefore"]
    assert (seen["name"], seen["id"], seen["address"], seen["report"]) == (
        "n1", IDS["n1"], ADDRESSES["n1"], "report0.json",
    )  # fmt: skip
    assert (seen["evidence"], seen["lastTerm"], seen["lastIndex"], seen["state"]) == ("full", 1, 73, "safe")
    assert [node["name"] for cluster in new["clusters"] for node in cluster["nodes"]] == ["n2", "n3"]
    assert [(one["kind"], one["subject"]) for one in new["missing"]] == [("earlier", f"n1 ({ADDRESSES['n1']})")]
    assert new["incomplete"]  # the new upload is judged by itself
    assert wanted(new) == []
    assert new["case"]["first"] == []  # n2 and n3 are two of three voters, and n1 was safe


def test_nothing_new_answers_nothing(recordings: Path, tmp_path: Path) -> None:
    given = upload(recordings, tmp_path / "a", "lxd-database", "n1", "n2")
    old, _ = analyzed(tmp_path, given)
    earlier = analyzed(tmp_path, str(old), given)[1]["earlier"]
    assert earlier["answered"] == []
    assert asked(earlier, "stillOpen") == [("absent", [ADDRESSES["n3"]])]
    assert earlier["nodesSeenBefore"] == []


def test_a_listing_and_then_the_directories(recordings: Path, tmp_path: Path) -> None:
    """Names and sizes first: what a start does, and what is in the files, could not be told. Then all three arrive."""
    listing = tmp_path / "n1.txt"
    lines = [
        f"-rw------- 1 root root {path.stat().st_size:8} Nov 23 13:00 {path.name}"
        for path in sorted((recordings / "lxd-database" / "n1").iterdir())
    ]
    listing.write_text("\n".join(["total 100", *lines, ""]), encoding="utf-8")
    old, before = analyzed(tmp_path, str(listing))
    (cluster,) = before["clusters"]
    assert [(node["name"], node["evidence"]) for node in cluster["nodes"]] == [("n1", "listing")]
    given = upload(recordings, tmp_path / "b", "lxd-database", "n1", "n2", "n3")
    _, new = analyzed(tmp_path, str(old), given)
    earlier = new["earlier"]
    assert earlier["related"] is None  # a listing has no IDs
    assert asked(earlier, "answered") == [("grade", ["n1"]), ("undecided", ["n1"])]
    answered, still_open = (
        {(one["code"], rule) for one in earlier[part] for rule in one["rules"]} for part in ("answered", "stillOpen")
    )
    assert ("missing-segments", "SEG001") in answered  # is a segment damaged? Now it can be told
    assert ("missing-several_nodes", "CLU001") in answered
    assert ("no-journal", "JRN001") in still_open  # no journal came
    assert ("missing-certificates", "CERT001") in still_open
    assert not answered & still_open
    could_not = {check["rule"] for check in new["checks"] if check["verdict"] == "not-checked"}
    assert not could_not & {rule for _, rule in answered - still_open}


def test_another_cluster_gives_nothing(recordings: Path, tmp_path: Path) -> None:
    """s111 and p111 share the founder's ID and all addresses, and no other ID (their manifests)."""
    old, _ = analyzed(tmp_path, upload(recordings, tmp_path / "a", "s111", "n1", "n2"))
    path, new = analyzed(tmp_path, str(old), upload(recordings, tmp_path / "b", "p111", "n1", "n2"))
    earlier = new["earlier"]
    assert earlier["related"] is False
    assert (earlier["answered"], earlier["stillOpen"], earlier["nodesSeenBefore"]) == ([], [], [])
    assert "earlier" not in {one["kind"] for one in new["missing"]}
    assert BOTH not in steps_of(new)
    assert main(["convert", str(path), "-o", str(tmp_path / "r.md")]) == 0
    assert "is of another cluster, by the IDs of its nodes" in (tmp_path / "r.md").read_text(encoding="utf-8")


def test_three_uploads_one_after_the_other(recordings: Path, tmp_path: Path) -> None:
    """n1, then n2, then n3: the last report knows the two others from the reports that saw them."""
    first, _ = analyzed(tmp_path, upload(recordings, tmp_path / "a", "lxd-database", "n1"))
    second, middle = analyzed(tmp_path, str(first), upload(recordings, tmp_path / "b", "lxd-database", "n2"))
    assert asked(middle["earlier"], "answered") == [("absent", [ADDRESSES["n2"]])]
    assert ("absent", [ADDRESSES["n3"]]) in asked(middle["earlier"], "stillOpen")
    _, last = analyzed(tmp_path, str(second), upload(recordings, tmp_path / "c", "lxd-database", "n3"))
    seen = {one["name"]: one["report"] for one in last["earlier"]["nodesSeenBefore"]}
    assert seen == {"n2": "report1.json", "n1": "report0.json"}
    # one of three decides nothing, and all three arrived once: nobody is asked, and nothing of them is open
    assert wanted(middle) == [[ADDRESSES["n3"]]]
    assert [one["kind"] for one in middle["missing"]] == ["earlier", "absent"]
    assert (wanted(last), steps_of(last)) == ([], [BOTH])
    assert [one["kind"] for one in last["missing"]] == ["earlier", "earlier"]
    assert asked(last["earlier"], "stillOpen") == []


def test_a_decision_that_needs_both_uploads(recordings: Path, tmp_path: Path) -> None:
    """n1, then n2, of three voters: one alone decides nothing, both are a majority. Only n3 is asked for."""
    one = upload(recordings, tmp_path / "a", "lxd-database", "n1")
    other = upload(recordings, tmp_path / "b", "lxd-database", "n2")
    old, _ = analyzed(tmp_path, one)
    _, new = analyzed(tmp_path, str(old), other)
    steps = steps_of(new)
    assert steps[0] == BOTH
    assert [nodes for nodes, _ in steps[1:]] == [[[ADDRESSES["n3"]]], []]
    assert steps[2][1] == ["dqlite-forensics analyze EARLIER UPLOAD ARCHIVE"]
    assert wanted(new) == [[ADDRESSES["n3"]]]
    _, both = analyzed(tmp_path, one, other)
    assert [one["course"] for one in both["case"]["recoverFrom"]] == ["nothing"]


def test_a_member_that_was_not_safe_before(recordings: Path, tmp_path: Path) -> None:
    """n1's open-1 has 4 bytes: its start fails (docs/reference/start.md). n2 and n3 are well; n1 needs both uploads."""
    bad = altered(recordings, tmp_path / "bad", "n1", lambda content: content[:4])
    old, before = analyzed(tmp_path, str(bad), upload(recordings, tmp_path / "a", "lxd-database", "n2"))
    assert {one["node"]: one["state"] for one in before["case"]["nodes"]}["n1"] == "refuses"
    _, new = analyzed(tmp_path, str(old), upload(recordings, tmp_path / "b", "lxd-database", "n2", "n3"))
    assert (wanted(new), steps_of(new)) == ([], [BOTH])


def test_nothing_is_forced_while_a_whole_log_is_only_in_the_earlier_upload(recordings: Path, tmp_path: Path) -> None:
    """n2 and n3 do not start, and have no readable entry. By themselves the fault is on every node; n1 was well."""
    old, _ = analyzed(tmp_path, upload(recordings, tmp_path / "a", "lxd-database", "n1"))
    bad = [str(altered(recordings, tmp_path / "bad", name, lambda content: content[:4])) for name in ("n2", "n3")]
    _, alone = analyzed(tmp_path, *bad)
    _, new = analyzed(tmp_path, str(old), *bad)
    assert BOTH not in steps_of(alone)
    assert steps_of(new) == [BOTH]
    everywhere = [[one["everywhere"] for one in report["case"]["faults"][:1]] for report in (alone, new)]
    assert everywhere == [[True], [False]]


def test_a_node_of_which_less_arrives_than_before(recordings: Path, tmp_path: Path) -> None:
    """The second archive breaks off within n2. What is cut arrived whole before, and is not asked for again."""
    old, _ = analyzed(tmp_path, upload(recordings, tmp_path / "a", "lxd-database", "n1", "n2", "n3"))
    cut = Path(upload(recordings, tmp_path / "b", "lxd-database", "n1", "n2"))
    with tarfile.open(cut) as archive:
        end = archive.getmember("b/n2/open-1").offset_data + 4096
    cut.write_bytes(cut.read_bytes()[:end])
    _, new = analyzed(tmp_path, str(old), str(cut))
    evidence = {node["name"]: node["evidence"] for cluster in new["clusters"] for node in cluster["nodes"]}
    assert evidence == {"n1": "partial", "n2": "partial"}  # what the cut took away may be of either
    assert wanted(new) == []
    assert "absent" not in {one["kind"] for one in new["missing"]}
    assert "grade" not in {one["kind"] for one in new["missing"]}
    assert steps_of(new) == [BOTH]


def test_a_member_that_joined_anew_is_asked_for(recordings: Path, tmp_path: Path) -> None:
    """n1 of the earlier report has another ID at the same address: its old log is not the new member's."""
    old, before = analyzed(tmp_path, upload(recordings, tmp_path / "a", "lxd-database", "n1", "n2"))
    (cluster,) = before["clusters"]
    next(node for node in cluster["nodes"] if node["name"] == "n1")["id"] = "77"
    old.write_text(json.dumps(before), encoding="utf-8")
    _, new = analyzed(tmp_path, str(old), upload(recordings, tmp_path / "b", "lxd-database", "n2", "n3"))
    assert wanted(new) == [[ADDRESSES["n1"]]]
    assert [one["kind"] for one in new["missing"]] == ["absent"]


def test_a_journal_first(recordings: Path, tmp_path: Path) -> None:
    """No state directory had arrived."""
    journal = tmp_path / "journal.log"
    journal.write_text("Jan  5 10:00:00 n1 lxd.daemon[1]: no known leader\n", encoding="utf-8")
    old, _ = analyzed(tmp_path, str(journal))
    _, new = analyzed(tmp_path, str(old), upload(recordings, tmp_path / "b", "lxd-database", "n1", "n2", "n3"))
    (question,) = [one for one in new["earlier"]["answered"] if one["kind"] == "nothing"]
    assert question["answer"] == "state directories of n1, n2 and n3 arrived"


@pytest.mark.parametrize("name", ["healthy-single-111", "segment-flipped-bit-last"])
def test_a_report_of_version_1(name: str, recordings: Path, tmp_path: Path) -> None:
    """It has no case, and so says nothing of what a start came to."""
    old = Path(__file__).parents[1] / "report" / "version_1" / f"{name}.json"
    before = json.loads(old.read_text(encoding="utf-8"))
    assert before["schemaVersion"] == 1
    _, new = analyzed(tmp_path, str(old), upload(recordings, tmp_path / "b", "lxd-database", "n1"))
    assert new["earlier"]["name"] == old.name
    assert all(one["state"] is None for one in new["earlier"]["nodesSeenBefore"])


def test_every_output_says_it_shortly(recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, _ = analyzed(tmp_path, upload(recordings, tmp_path / "a", "lxd-database", "n1", "n2"))
    given = upload(recordings, tmp_path / "b", "lxd-database", "n2", "n3")
    outputs = [f"--{form}={tmp_path / form}" for form in ("html", "markdown")]
    assert main(["analyze", str(old), given, *outputs, "--fail-on", "never"]) in (0, 4)
    for text in (capsys.readouterr().out, *((tmp_path / form).read_text() for form in ("html", "markdown"))):
        words = " ".join(re.sub(r"<[^>]*>|\\", "", text).split())
        assert "report0.json left 1 question on nodes and files open; this upload answers it" in words
        assert "it is n3, which arrived (full)" in words
        assert "n1 is known from report0.json only, its log ended at entry 73" in words


def test_without_an_earlier_report_nothing_is_said(recordings: Path, tmp_path: Path) -> None:
    path, new = analyzed(tmp_path, upload(recordings, tmp_path / "a", "lxd-database", "n1", "n2"))
    assert new["earlier"] is None
    assert main(["convert", str(path), "-o", str(tmp_path / "r.html")]) == 0
    assert 'id="earlier"' not in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_a_report_that_somebody_formatted_is_one(recordings: Path, tmp_path: Path) -> None:
    """As `jq -S` writes it: keys sorted. And other JSON is none."""
    given = upload(recordings, tmp_path / "a", "lxd-database", "n1")
    old, before = analyzed(tmp_path, given)
    old.write_text(json.dumps(before, sort_keys=True), encoding="utf-8")
    assert analyzed(tmp_path, str(old), given)[1]["earlier"]["related"] is True
    other = tmp_path / "other.json"
    other.write_text('{"version": "2.1.0", "runs": []}', encoding="utf-8")
    assert analyzed(tmp_path, str(other), given)[1]["earlier"] is None


def test_what_cannot_be_meant(recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two reports; a report alone; a damaged one."""
    given = upload(recordings, tmp_path / "a", "lxd-database", "n1")
    old, _ = analyzed(tmp_path, given)
    copy = tmp_path / "copy.json"
    copy.write_bytes(old.read_bytes())
    assert main(["analyze", str(old), str(copy), given]) == 2
    assert "one earlier report at a time" in capsys.readouterr().err
    assert main(["analyze", str(old)]) == 2
    assert "no upload came with it" in capsys.readouterr().err
    copy.write_bytes(old.read_bytes()[:-100])
    assert main(["analyze", str(copy), given]) == 3
    assert "not a report" in capsys.readouterr().err


def test_the_report_is_not_written_over(recordings: Path, tmp_path: Path) -> None:
    given = upload(recordings, tmp_path / "a", "lxd-database", "n1")
    old, _ = analyzed(tmp_path, given)
    kept = old.read_bytes()
    assert main(["analyze", str(old), given, "--json", str(old)]) == 2
    assert old.read_bytes() == kept
