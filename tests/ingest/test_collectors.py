"""What a collector's own files tell of its machine: when, in which zone, cleaned or not."""

from __future__ import annotations

from calendar import timegm

import pytest

from forensics.evidence import BytesBlob
from forensics.ingest.collectors import COLLECTORS, Collection, recognise, unit_of_log
from forensics.ingest.files import InputFile, Kind

SOS = "sosreport-alpha-2026-11-25-abcdefg"
UTC_2021 = timegm((2026, 11, 25, 20, 21, 20))
TIMEDATECTL = """\
               Local time: Wed 2026-11-25 15:21:20 EST
           Universal time: Wed 2026-11-25 20:21:20 UTC
                 RTC time: Wed 2026-11-25 20:21:20
                Time zone: America/New_York (EST, -0500)
System clock synchronized: yes
"""


def item(path: str, content: str | None = "", mtime: float | None = None) -> InputFile:
    """A file; a link where there is no content."""
    blob = None if content is None else BytesBlob(path, content.encode())
    return InputFile(path, Kind.FILE if blob else Kind.LINK, blob.size if blob else 0, blob, mtime)


def only(*files: InputFile, outer: str = "") -> Collection:
    (collection,) = recognise(files, COLLECTORS, outer)
    return collection


@pytest.mark.parametrize(
    ("texts", "collected", "offset"),
    [
        ({"sos_commands/date/date": "Wed Nov 25 20:21:20 UTC 2026\n"}, UTC_2021, 0),
        ({"sos_commands/date/date": "Wed Nov 25 20:21:20 EST 2026\n"}, UTC_2021, None),
        ({"sos_commands/date/date": "Thu Nov 26 01:51:20 +0530 2026\n"}, UTC_2021, 19800),
        ({"sos_commands/date/date": "Wed Nov 25 08:21:20 PM UTC 2026\n"}, UTC_2021, 0),
        ({"sos_commands/date/date": "Wed Nov 25 12:21:20 AM UTC 2026\n"}, UTC_2021 - 20 * 3600, 0),
        (
            {
                "sos_commands/date/date": "Wed Nov 25 15:21:20 EST 2026\n",
                "sos_commands/date/date_--utc": "Wed Nov 25 20:21:20 UTC 2026\n",
            },
            UTC_2021,
            -18000,
        ),
        ({"sos_commands/systemd/timedatectl": TIMEDATECTL}, UTC_2021, -18000),
    ],
)
def test_the_time_of_collection_and_its_zone(texts: dict[str, str], collected: float, offset: float | None) -> None:
    link = item(f"{SOS}/date", None)  # sos makes one of that name, to either text
    collection = only(link, *(item(f"{SOS}/{path}", text) for path, text in texts.items()))
    assert (collection.collected, collection.utc_offset) == (collected, offset)


def test_a_report_named_after_the_clock_tells_the_zone_beside_file_times() -> None:
    path = "inspection-report/k8s.k8sd/journal.log"
    collection = only(item(path, "-- No entries --\n", UTC_2021), outer="inspection-report-20261125_152122.tar.gz")
    assert (collection.collected, collection.utc_offset) == (UTC_2021, -18000)
    later = only(item(path, "-- No entries --\n", UTC_2021 + 450), outer="inspection-report-20261125_152122.tar.gz")
    assert later.utc_offset is None  # no zone is seven minutes off: the name and the time are not of one run
    assert later.collected == timegm((2026, 11, 25, 15, 21, 22))


def test_a_day_in_a_name_gives_way_to_file_times_of_that_day() -> None:
    path = f"{SOS}/sos_commands/lxd/ls_lxd_dqlite_dir"
    assert only(item(path, "total 0\n", UTC_2021)).collected == UTC_2021
    assert only(item(path, "total 0\n", UTC_2021 + 5 * 86400)).collected == timegm((2026, 11, 25, 23, 59, 59))


@pytest.mark.parametrize(
    ("outer", "path", "text", "cleaned"),
    [
        (f"{SOS}-obfuscated.tar.xz", "sos_commands/host/hostname", "host0\n", True),
        ("case.tar.xz", "sos_commands/networking/ip_-d_address", "    link/ether 53:4f:53:00:00:03 brd\n", True),
        ("case.tar.xz", "sos_reports/manifest.json", '{"components": {"report": {}, "cleaner": {}}}', True),
        ("case.tar.xz", "sos_reports/manifest.json", '{"components": {"report": {}}}', False),
        ("case.tar.xz", "sos_commands/networking/ip_-d_address", "    link/ether 52:54:00:00:00:03 brd\n", False),
    ],
)
def test_what_tells_that_a_report_was_cleaned(outer: str, path: str, text: str, cleaned: bool) -> None:
    """`sos clean` of one report puts its word into the archive's name alone: the folder inside keeps its own."""
    known = item(f"{SOS}/var/snap/k8s/common/var/lib/k8s-dqlite/info.yaml", "")
    assert only(known, item(f"{SOS}/{path}", text), outer=outer).cleaned is cleaned


def test_inodes_are_not_space() -> None:
    collection = only(
        item(f"{SOS}/sos_commands/filesys/df_-aliT_-x_autofs"), item(f"{SOS}/sos_commands/filesys/df_-al_-x_autofs")
    )
    assert {fact: [m.name for m in files] for fact, files in collection.facts.items()} == {
        "df-inodes": ["df_-aliT_-x_autofs"],
        "df": ["df_-al_-x_autofs"],
    }


@pytest.mark.parametrize("prefix", ["snap.", ""])
def test_journals_of_either_confinement_of_microk8s(prefix: str) -> None:
    """The strictly confined snap asks snapctl, and names its folders without `snap.`."""
    collection = only(item(f"inspection-report/{prefix}microk8s.daemon-k8s-dqlite/journal.log", "-- No entries --\n"))
    assert [unit for _, unit in collection.journals] == ["microk8s.daemon-k8s-dqlite"]


def test_the_state_of_juju_is_no_inspection_of_microk8s() -> None:
    """Both keep YAML files in a folder `dqlite`."""
    names = ("info.yaml", "cluster.yaml", "metadata1")
    assert recognise([item(f"alpha/var/lib/juju/dqlite/{name}") for name in names], COLLECTORS) == []
    inspected = only(*(item(f"inspection-report/dqlite/{name}") for name in names[:2]))
    assert inspected.collector.title == "microk8s inspect"


@pytest.mark.parametrize("root", ["", "inspection-report/", "case/beta/inspection-report/"])
def test_a_report_is_one_wherever_it_lies(root: str) -> None:
    """Unpacked and given as a directory it lies at the very top."""
    names = ("k8s.k8s-dqlite/k8s-dqlite-info.yaml", "k8s.k8sd/k8sd-files.log", "nrestarts.log", "snap-list-k8s.log")
    collection = only(*(item(f"{root}{name}") for name in names))
    assert (collection.root, collection.by_hand) == (root, False)
    assert list(collection.copies) == [f"{root}var/snap/k8s/common/var/lib/k8s-dqlite/info.yaml"]


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        (" 20:21:19 up 3 days,  4:02,  1 user,  load average: 0.10, 0.12, 0.09\n", 0),
        (" 01:51:20 up  1:30,  0 users,  load average: 0.00, 0.00, 0.00\n", 19800),
        (" 15:21:20 up 10 min,  0 users,  load average: 0.00, 0.00, 0.00\n", -18000),
        (" 20:29:00 up 3 days,  4:02,  1 user,  load average: 0.10, 0.12, 0.09\n", None),  # the file is a copy
    ],
)
def test_uptime_beside_the_time_of_its_file(text: str, offset: int | None) -> None:
    collection = only(
        item("inspection-report/sys/uptime", text, UTC_2021), item("inspection-report/k8s.k8sd/journal.log")
    )
    assert (collection.utc_offset, collection.collected) == (offset, UTC_2021)


@pytest.mark.parametrize(
    ("path", "unit"),
    [
        (f"{SOS}/sos_commands/logs/journalctl_--no-pager", ""),
        (f"{SOS}/var/snap/lxd/common/lxd/logs/lxd.log.1", "lxd"),
        (f"{SOS}/var/log/juju/machine-0.log", "jujud"),
        (f"{SOS}/var/log/incus/incusd.log", "incusd"),
        (f"{SOS}/var/log/lxd/lxd.log", "lxd"),
        (f"{SOS}/sos_commands/date/date", None),
        (f"{SOS}/var/log/other.log", None),
    ],
)
def test_a_log_is_known_before_the_root_is(path: str, unit: str | None) -> None:
    """What is searched ahead is what the collection has, with its unit."""
    assert unit_of_log(path) == unit
    assert unit_of_log(f"outer.tar!/{path}") == unit
    found = only(item(f"{SOS}/sos_commands/x/y"), item(f"{SOS}/hostname"), item(path)).journals
    assert [(file.path, told) for file, told in found] == ([] if unit is None else [(path, unit)])
