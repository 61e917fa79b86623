"""Listings in the styles that collectors write and people paste (docs/reference/collectors.md#listings)."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics.cli import main
from forensics.evidence import BytesBlob, Span
from forensics.ingest.files import Kind
from forensics.ingest.listing import Listing, parse_listings
from forensics.ingest.listing.dates import resolve
from forensics.ingest.listing.hosts import host_of_heading
from forensics.ingest.listing.model import When
from forensics.ingest.listing.months import month_of
from forensics.ingest.listing.rows import parse_tree
from forensics.ingest.listing.sizes import parse_size

SEGMENT = "0000000000001025-0000000000002048"


def read(text: str) -> list[Listing]:
    return parse_listings(BytesBlob("paste.txt", text.encode()))


@pytest.mark.parametrize(
    "line",
    [
        f"-rw------- 1 root root 8388104 Nov 23 10:28 {SEGMENT}",
        f"-rw-------. 1 root root system_u:object_r:var_t:s0 8388104 Nov 23 10:28 {SEGMENT}",
        f"-rw-------  1 root root ? 8388104 Nov 23 10:28 {SEGMENT}",
        f"-rw------- 1 0 0 8388104 23. Nov 10:28 {SEGMENT}",
        f"-rw------- 1 root root 8388104 23 nov. 10:28 {SEGMENT}",
        f"-rw------- 1 root root 8388104 11月 23 10:28 {SEGMENT}",
        f"-rw------- 1 root root 8388104 2025-11-23 10:28 {SEGMENT}",
        f"-rw------- 1 root root 8388104 2025-11-23 10:28:59.123456789 +0100 {SEGMENT}",
        f"-rw------- root/root 8388104 2025-11-23 10:28 backend/{SEGMENT}",
        f"  131 8192 -rw-------   1 root     root      8388104 Nov 23 10:28 /var/x/{SEGMENT}",
        f"8192 -rw------- 1 root root 8388104 Nov 23 10:28 /var/x/{SEGMENT}",
        f"> -rw------- 1 root root 8,388,104 Nov 23 10:28 \x1b[0m{SEGMENT}\x1b[0m",
        f"├── [-rw------- root     root     8388104 Nov 23 10:28]  {SEGMENT}",
    ],
)
def test_long_styles_give_name_and_exact_size(line: str) -> None:
    (listing,) = read(line + "\n")
    (entry,) = listing.entries
    assert entry.name == SEGMENT
    assert (entry.size_min, entry.size_max) == (8388104, 8388104)
    assert entry.when is not None
    assert (entry.when.month, entry.when.day, entry.when.second // 60) == (11, 23, 10 * 60 + 28)
    assert entry.mode == 0o600


@pytest.mark.parametrize(
    "text",
    [
        f"{SEGMENT}  metadata1  open-1\nopen-2  snapshot-1-1024-99  snapshot-1-1024-99.meta\n",
        f"./{SEGMENT}\n./metadata1\n./open-1\n./open-2\n./snapshot-1-1024-99\n./snapshot-1-1024-99.meta\n",
        (
            f"global\n├── {SEGMENT}\n├── metadata1\n├── open-1\n├── open-2\n├── snapshot-1-1024-99\n└──"
            f" snapshot-1-1024-99.meta\n"
        ),
        f"|-- {SEGMENT}\n|-- metadata1\n|-- open-1\n|-- open-2\n|-- snapshot-1-1024-99\n`-- snapshot-1-1024-99.meta\n",
    ],
)
def test_styles_without_sizes(text: str) -> None:
    (listing,) = read(text)
    assert {entry.name for entry in listing.entries} == {
        SEGMENT, "metadata1", "open-1", "open-2", "snapshot-1-1024-99", "snapshot-1-1024-99.meta",
    }  # fmt: skip
    assert not any(entry.sized for entry in listing.entries)


def test_prompts_name_host_and_directory() -> None:
    """Two nodes in one paste: one prompt with the path in it, one with the path in the command."""
    listings = read(
        "root@jeeves:/var/snap/lxd/common/lxd/database/global# ls -l\n"
        "total 8\n"
        "-rw------- 1 root root 32 Jan 26 08:26 metadata1\n"
        "ubuntu@k8s-4:~$ sudo ls -la /var/lib/lxd/database/global/\n"
        "total 8\n"
        "drwx------ 1 root root 4096 Jan 26 08:26 .\n"
        "-rw------- 1 root root 32 Jan 26 08:26 metadata2\n"
    )
    assert [(listing.host, listing.directory, listing.entries[0].name) for listing in listings] == [
        ("jeeves", "/var/snap/lxd/common/lxd/database/global", "metadata1"),
        ("k8s-4", "/var/lib/lxd/database/global", "metadata2"),
    ]


def test_a_command_in_backticks_ends_where_they_do() -> None:
    """What is said behind it, and the backtick, are no part of the directory."""
    [listing] = read(
        f"# `ls -l /var/x/backend/` (of one node)\n-rw------- 1 root root 8388104 Nov 23 10:28 {SEGMENT}\n"
    )
    assert listing.directory == "/var/x/backend"


def test_headings_name_nodes() -> None:
    listings = read(
        "# k8s-4 10.10.50.13 (Faulty Node)\n-rw-rw---- 1 root microk8s 32 Jun 16 10:47 metadata1\n\n"
        "Node 2:\n-rw-rw---- 1 root microk8s 32 Jun 16 10:47 metadata1\n"
    )
    assert [listing.host for listing in listings] == ["k8s-4", "node-2"]


def test_recursive_headers() -> None:
    listings = read(
        "/var/lib/juju/dqlite:\ntotal 4\n-rw------- 1 root root 32 Jun 16 10:47 metadata1\n\n/var/lib/juju/x:\nkey\n"
    )
    assert [(listing.directory, [entry.name for entry in listing.entries]) for listing in listings] == [
        ("/var/lib/juju/dqlite", ["metadata1"])
    ]


def test_a_listing_says_that_it_is_cut() -> None:
    """By a remark, or because `total` counts far more blocks than the files shown (180808 KiB against 8 MiB)."""
    line = f"-rw------- 1 root root 8388104 Nov 23 10:28 {SEGMENT}\n"
    assert read(line + "# (excerpt cut)\n")[0].cut
    assert read("total 180808\n" + line)[0].cut
    assert not read("total 8196\n" + line)[0].cut
    data = "-rw------- 1 root root 2976024 Nov 11 20:04 snapshot-24-176876-1556\n"  # 727 blocks of 4 KiB
    assert not read("total 2908\n" + data)[0].cut
    assert read("total 2912\n" + data)[0].cut
    assert read("total 180808\ndrwxrwx--- 2 root root 4096 Aug 10 01:36 .\n" + line)[0].cut  # directories count nothing


@pytest.mark.parametrize(
    "end",
    [
        "-rw------- 1 root root 8.0M Nov 23 10:28 0000000015846656-00000000158467\n",
        "-rw------- 1 root root 8.0M Nov 23 10:28 00000000158466\n",
        "-rw------- 1 root root 8.0M\n",
        "-rw-------\n",
    ],
)
def test_a_listing_that_ends_within_a_line_is_cut(end: str) -> None:
    line = f"-rw------- 1 root root 8388104 Nov 23 10:28 {SEGMENT}\n"
    (listing,) = read(line + end)
    assert listing.cut
    assert [entry.name for entry in listing.entries] == [SEGMENT]


def test_columns_that_end_within_a_name_are_cut() -> None:
    (listing,) = read(f"{SEGMENT}  metadata1\n0000000000000453-0000000000000900  metadata2\n{'0' * 13}901-0")
    assert listing.cut
    assert len(listing.entries) == 4
    assert not read("$ ls\n1-2  metadata1\n3-4\n\n")[0].cut  # unpadded names, by hand: none is the beginning of another


def test_what_is_no_listing_gives_none() -> None:
    assert (
        read("Error: raft_start(): io: load closed segment 0000000000064324-0000000000064793: found 469 entries\n")
        == []
    )
    assert read("\x00\x01\x02" * 100) == []
    assert read("") == []


def test_kinds_and_links() -> None:
    (listing,) = read(
        "srw-rw---- 1 root root 0 Jun 16 10:47 kine.sock:12379\n"
        "lrwxrwxrwx 1 root root 4 Jun 16 10:47 current -> 7229\n"
        "drwxr-xr-x 2 root root 4096 Jun 16 10:47 snapshots/\n"
    )
    assert [(entry.name, entry.kind, entry.target) for entry in listing.entries] == [
        ("kine.sock:12379", Kind.SOCKET, None),
        ("current", Kind.LINK, "7229"),
        ("snapshots", Kind.DIRECTORY, None),
    ]


@pytest.mark.parametrize(
    ("text", "smallest", "largest"),
    [
        ("32", 32, 32),
        ("8388608", 8388608, 8388608),
        # ls -h rounds up: 8.0M prints for everything above 7.9 MiB (8283750.4 bytes)
        ("8.0M", 8283751, 8441036),
        ("8,0M", 8283751, 8441036),
        # 206M: above 205 MiB = 214958080 bytes; half a MiB above 206 for tools that round to nearest
        ("206M", 214958081, 216530944),
        ("4.0K", 3994, 4147),
    ],
)
def test_sizes(text: str, smallest: int, largest: int) -> None:
    assert parse_size(text) == (smallest, largest)


@pytest.mark.parametrize("text", ["", "Nov", "-1", "8.0Q", "1.2.3", "0000000000001025-0000000000002048"])
def test_no_sizes(text: str) -> None:
    assert parse_size(text) is None


@pytest.mark.parametrize(
    ("word", "month"),
    [
        ("Mai", 5),
        ("Mär", 3),
        ("Dez", 12),
        ("févr.", 2),
        ("août", 8),
        ("gru", 12),
        ("мая", 5),
        ("6月", 6),
        ("Ağu", 8),
        ("8:00", None),
    ],
)
def test_months(word: str, month: int | None) -> None:
    assert month_of(word) == month


def test_years_that_a_listing_leaves_out() -> None:
    """Collected on 2026-01-05: a December day is of 2025, a January day of 2026."""
    december, january = When(None, 12, 30, 0, 60), When(None, 1, 4, 0, 60)
    times = resolve([december, january], 1767571200.0)  # 2026-01-05 00:00:00 UTC
    assert times[december] == 1767052800.0  # 2025-12-30
    assert times[january] == 1767484800.0  # 2026-01-04


def test_no_listed_time_lies_after_its_collection() -> None:
    """On New Year's Eve a January day is of the year that ends; within a day's grace for time zones, of the next."""
    january, next_morning = When(None, 1, 3, 0, 60), When(None, 1, 1, 8 * 3600, 60)
    times = resolve([january, next_morning], 1798761599.0)  # 2026-12-31 23:59:59 UTC
    assert times[january] == 1767398400.0  # 2026-01-03
    assert times[next_morning] == 1798790400.0  # 2027-01-01 08:00


def test_times_without_a_year_lie_behind_those_with_one() -> None:
    """`ls` prints the year of what is older than six months: 30 May 2024, then 28 March of a year that is not known."""
    old, recent = When(2024, 5, 30, 0, 86400), When(None, 3, 28, 0, 60)
    times = resolve([recent, old], None)
    assert 0 < times[recent] - times[old] < 366 * 86400


@pytest.mark.parametrize(
    ("line", "year", "day"),
    [
        ("-rw------- 1 root root 8388104 25/11/2026 10:28", 2026, (11, 25)),
        ("-rw------- 1 root root 8388104 25.11. 10:28", None, (11, 25)),
        ("-rw------- 1 root root 8388104 25 de nov. 10:28", None, (11, 25)),
        ("-rw------- 1 root root 8388104 2026 nov   25", 2026, (11, 25)),
        ("-rw------- 1 root root 8388104 11\uc6d4 25\uc77c  10:28", None, (11, 25)),
        ("-rw-------@ 1 root  wheel  8388104 25 Nov 10:28:01 2026", 2026, (11, 25)),
        ("-rw-------@ 1 root  wheel  8388104 Nov 25 10:28", None, (11, 25)),
    ],
)
def test_dates_in_other_orders(line: str, year: int | None, day: tuple[int, int]) -> None:
    (entry,) = read(f"{line} {SEGMENT}\n")[0].entries
    assert entry.when is not None
    assert (entry.when.year, (entry.when.month, entry.when.day)) == (year, day)
    assert entry.size_min == entry.size_max == 8388104


@pytest.mark.parametrize("date", ["11/10/2026 10:28", "\u0e1e.\u0e22. 25 10:28", "99-99 99:99"])
def test_a_date_that_nobody_can_tell_costs_only_the_time(date: str) -> None:
    """Day or month first? A month in Thai: the name and the size stand where they stand."""
    (entry,) = read(f"-rw------- 1 root root 8388104 {date} {SEGMENT}\n")[0].entries
    assert (entry.name, entry.size_min, entry.when) == (SEGMENT, 8388104, None)


def test_sizes_that_count_blocks_are_none() -> None:
    """`du` counts blocks: 4 KiB for 32 bytes of metadata. With `-b` that file shows that bytes are meant."""
    blocks, counted = (
        read(f"{first}\t./metadata1\n{second}\t./{SEGMENT}\n")[0] for first, second in ((4, 8192), (32, 80))
    )
    assert not any(entry.sized for entry in blocks.entries)
    assert [entry.size_min for entry in counted.entries] == [32, 80]


def test_powers_of_a_thousand_are_seen() -> None:
    """`ls --si` prints 8.4M for the 8388608 bytes of an open segment, which would be too large by 1024."""
    line = "-rw------- 1 root root {} Nov 25 10:28 {}\n"
    (listing,) = read(line.format("8.4M", "open-1") + line.format("1.3M", SEGMENT))
    for entry, size in zip(listing.entries, (8388608, 1254321), strict=True):
        assert entry.size_min <= size <= entry.size_max


def test_what_a_command_leaves_out_is_not_missing() -> None:
    row = "-rw------- 1 root root {} Nov 23 10:28 {}\n"
    rows = "total 8200\n" + row.format(8388104, SEGMENT) + row.format(32, "metadata1")
    commands = ("ls -la", "ls -la | head -4", "ls -l open-* metadata1", "ls -la | grep meta")
    cut = [any(listing.cut for listing in read(f"root@n1:~# {command}\n{rows}")) for command in commands]
    assert cut == [False, True, True, True]


def test_a_text_of_windows_tools_is_an_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`ssh n1 ls -la … > ls.txt` in PowerShell writes UTF-16."""
    text = f"root@n1:/var/lib/lxd/database/global# ls -l\r\n-rw------- 1 root root 0 Nov 23 10:28 {SEGMENT}\r\n"
    (tmp_path / "ls.txt").write_bytes(text.encode("utf-16"))
    assert main(["analyze", "--short", str(tmp_path / "ls.txt")]) == 1
    assert "lxd" in capsys.readouterr().out


def test_between_two_prompts_all_is_there() -> None:
    """Without `total` and without metadata: that a command ran and ended says that there is none."""
    row = f"  131 8192 -rw------- 1 root root 8388104 Nov 23 10:28 ./{SEGMENT}\n"
    assert read(f"root@n1:/x# find . -ls\n{row}root@n1:/x# \n")[0].whole
    assert not read(f"root@n1:/x# find . -ls\n{row}")[0].whole
    assert not read(f"root@n1:/x# ls -l {SEGMENT}\n{row}root@n1:/x# \n")[0].whole


@pytest.mark.parametrize(
    ("command", "host"),
    [
        ("ssh -i key root@n2 'sudo ls -la /var/lib/lxd/database/global'", "n2"),
        ("lxc exec n3 -- ls -la /var/lib/lxd/database/global", "n3"),
        ("juju ssh k8s/0 ls -la /var/lib/lxd/database/global", "k8s/0"),
        ("sudo ls -la /var/lib/lxd/database/global", None),
    ],
)
def test_a_command_names_the_host_that_it_ran_on(command: str, host: str | None) -> None:
    (listing,) = read(f"{command}\n-rw------- 1 root root 32 Nov 23 10:28 metadata1\n")
    assert (listing.host, listing.directory) == (host, "/var/lib/lxd/database/global")


def test_many_looks_take_no_time() -> None:
    """Sixteen thousand listings of a nameless directory: comparing each with each took minutes for two thousand."""
    assert len(read("total 0\n0000000000000001-0000000000000002\n" * 16_000)) == 16_000


def test_without_any_year_order_and_distance_hold_over_new_year() -> None:
    december, january = When(None, 12, 31, 0, 60), When(None, 1, 1, 0, 60)
    times = resolve([january, december], None)
    assert times[january] - times[december] == 86400


@pytest.mark.parametrize(
    ("line", "host"),
    [
        ("# k8s-4 10.10.50.13 (Faulty Node)", "k8s-4"),
        ("=== db01 ===", "db01"),
        ("Node 2:", "node-2"),
        ("on server alpha:", "alpha"),
        ("10.0.0.4:", "10.0.0.4"),
        ('# "Before start" of the attempt that SUCCEEDED', None),
        ("# (single-node cluster)", None),
        ("I ran microk8s v1.29 on ext4", None),
    ],
)
def test_hosts_in_headings(line: str, host: str | None) -> None:
    assert host_of_heading(line) == host


def test_a_tree_of_blanks_takes_no_time() -> None:
    """Sixteen thousand blanks before a letter: a nested quantifier took a minute for thirty of them."""
    assert parse_tree(" " * 16_000 + "x", Span("x")) is None


def test_a_tree_that_names_a_directory_again_is_a_later_look_at_it() -> None:
    """lxc/incus 665 shows `global` after a crash and in health: files of both never lay side by side."""
    looks = [("0000000000000002-0000000000000246", "after it"), ("0000000000000002-0000000000000017", "in health")]
    trees = [f"├── global <- {when}\n│   ├── {name}\n│   └── metadata1\n" for name, when in looks]
    for between in ("", "\n", "\nand then:\n"):
        found = [listing for listing in read(between.join(trees)) if listing.directory == "global"]
        assert [[entry.name for entry in listing.entries] for listing in found] == [[looks[1][0], "metadata1"]], between


def test_a_directory_that_is_named_after_its_address() -> None:
    """As go-dqlite's example names it; and `grep -n` of an empty line is no directory."""
    row = f"-rw------- 1 root root 8388104 2025-11-23 10:28 {SEGMENT}"
    (listing,) = read(f"/srv/demo/127.0.0.1:9000:\ntotal 8192\n{row}\n")
    assert listing.directory == "/srv/demo/127.0.0.1:9000"
    (listing,) = read(f"ls.txt:12:\n{row}\n")
    assert listing.directory is None
