"""One directory, listed by the real tools in the styles that people paste: what is read is what lstat says.

The commands run for real, in real locales; nothing here is a recorded text. What a style does not print must be absent,
what it rounds an interval that holds the truth.
"""

from __future__ import annotations

import os
import stat
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forensics import pipeline
from forensics.check.build import build, pack, write
from forensics.check.tree import Tree
from forensics.evidence import BytesBlob
from forensics.ingest.archive import archive_kind
from forensics.ingest.listing import Listed, Listing, parse_listings
from forensics.ingest.source import Source
from forensics.report.document import Document
from forensics.severity import Severity
from tests.fixtures import fixture
from tests.tools import tool

LOCALES = ("de_DE", "fr_FR", "ja_JP", "zh_CN", "ru_RU")
OLD, RECENT = 300, 3  # days: beyond six months, ls prints the year instead of the time of day
SIZES = {
    "0000000000000001-0000000000001024": 1_048_577,
    "0000000000001025-0000000000002048": 8_388_104,
    "0000000000002049-0000000000002049": 4136,
    "cluster.crt": 1911,  # the year before a Hungarian date, to a careless reader
    "cluster.key": 3243,
    "cluster.yaml": 213,
    "corrupt-1763893728123456789-open-4": 8_388_608,
    "info.yaml": 71,
    "localnode.yaml": 5,
    "metadata1": 32,
    "metadata2": 32,
    "open-1": 8_388_608,
    "open-13": 8_388_608,
    "open-2": 0,
    "snapshot-1-1024-876543": 1_254_321,
    "snapshot-1-1024-876543.meta": 152,
    "snapshot-1-2048-9876543": 654_321,
    "snapshot-1-2048-9876543.meta": 152,
    "tmp-metadata": 12,
}
# name, permissions, exact size, time
LONG = """\
ls -l
ls -la
ls -las
ls -alZ
ls -lan
ls -lg
ls -lo
ls -li
ls -lQ
ls -laF
ls -lt
ls -lS
ls -lr
ls -lU
ls -l --color=always
ls --full-time
ls -l --time-style=long-iso
ls -l --time-style=iso
ls -l --time-style=+%s
ls -l --time-style=+%Y-%m-%dT%H:%M:%S
ls -l --time-style='+%a %b %d %H:%M:%S %Y'
ls -laR {d}
ls -ld {d}/*
vdir
find . -ls
find {d} -ls
find . -type f -exec ls -la {{}} +
find {d} -printf '%M %u %g %s %TY-%Tm-%Td %TH:%TM %p\\n'
tree -ugpsD
tar c . | tar tv
tar cP {d} | tar tvP
stat *
stat {d}/*
stat -c '%A %h %U %G %s %y %n' *
busybox ls -la
busybox ls -l --full-time
busybox stat *
tar c . | busybox tar tvf -
""".splitlines()
ROUNDED = """\
ls -lh
ls -lh --si
ls -lhs {d}/*
ls -l --block-size=K
ls -l --block-size=kB
tree -h
tree --si
tree -phD {d}
busybox ls -lh
""".splitlines()
# exact sizes without permissions
BYTES = """\
find . -printf '%s %p\\n'
find {d} -printf '%p %s\\n'
find . -printf '%T+ %s %p\\n'
find . -printf '%T@ %s %p\\n'
tree -s
tree -ifs {d}
tree --inodes -s
tree --charset=ascii -s
du -ab
wc -c *
stat -c '%n %s' *
stat -c '%a %U:%G %s %n' *
ls -l | awk '{{print $5, $9}}'
python3 -m zipfile -c x.zip * && unzip -l x.zip; rm x.zip
""".splitlines()
NAMES = """\
ls -1
ls -1s
ls -sh -C -w 120
ls -i
ls -C -w 80
ls -C -w 120
ls -C -w 200
ls -x
ls -m
ls -Q
ls -QC -w 120
ls -CF -w 120
ls --color=always -C -w 120
ls -R {d}
ls -d {d}/*
find .
find {d}
tree
tree -D
tree -f {d}
tar c . | tar t
du -a
du -ah {d}
du -a --time
sha256sum *
md5sum *
busybox ls
echo *
""".splitlines()
IN_LOCALES = ("ls -la", "ls -lh", "ls -lh --si", "ls --full-time", "find . -ls", "stat *", "du -ah")
STYLES = [*LONG, *ROUNDED, *BYTES, *NAMES]


@pytest.fixture(scope="module")
def locales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compiled from Debian's definitions into a directory of our own."""
    where = tmp_path_factory.mktemp("locales")
    if not Path("/usr/share/i18n/locales/de_DE").exists():
        tool("the definitions of locales (Debian's package `locales`)")
    running = [
        subprocess.Popen([tool("localedef"), "-c", "-i", name, "-f", "UTF-8", str(where / f"{name}.UTF-8")])
        for name in LOCALES
    ]
    assert [process.wait() for process in running] == [0] * len(LOCALES)
    return where


@pytest.fixture(scope="module", params=[RECENT, OLD], ids=["recent", "old"])
def directory(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sparse files with sizes, modes and times of their own."""
    where = tmp_path_factory.mktemp("host") / "var/snap/k8s/common/var/lib/k8s-dqlite"
    where.mkdir(parents=True)
    for number, (name, size) in enumerate(SIZES.items()):
        (where / name).touch()
        os.truncate(where / name, size)
        (where / name).chmod(0o644 if name.endswith(".yaml") else 0o600)
        moment = time.time() - request.param * 86400 - number * 3671
        os.utime(where / name, (moment, moment))
    return where


def run(command: str, directory: Path, locale: str = "C.UTF-8", locpath: Path | None = None) -> bytes:
    """What a command prints, run in the directory."""
    for word in ("tree", "busybox", "unzip"):
        if command.startswith(word) or f" {word} " in command:
            tool(word)
    environment = {"PATH": os.environ["PATH"], "TZ": "UTC", "LC_ALL": locale, "LS_COLORS": "di=01;34:ex=01;32"}
    if locpath is not None:
        environment["LOCPATH"] = str(locpath)
    done = subprocess.run(
        ["bash", "-c", command.format(d=directory)], cwd=directory, env=environment, capture_output=True, check=False
    )
    return done.stdout


def entries(text: bytes) -> dict[str, Listed]:
    """The directory's files as they were read, all in one listing."""
    found = [listing for listing in parse_listings(BytesBlob("paste.txt", text)) if names_of(listing) & set(SIZES)]
    assert len(found) == 1
    return {entry.name: entry for entry in found[0].entries}


def names_of(listing: Listing) -> set[str]:
    return {entry.name for entry in listing.entries}


def differences(got: dict[str, Listed], directory: Path, style: str) -> list[str]:
    """Where what was read contradicts lstat, or lacks what the style prints."""
    wrong = [f"{name} is lost" for name in SIZES if name not in got and (style in LONG or name != "localnode.yaml")]
    for name, entry in got.items():
        if name not in SIZES:
            wrong.append(f"{name} is no file")
            continue
        real = (directory / name).lstat()
        if not entry.size_min <= real.st_size <= entry.size_max:
            wrong.append(f"{name}: {entry.size_min} to {entry.size_max}, not {real.st_size}")
        if (style in LONG or style in BYTES) and entry.size_min < entry.size_max:
            wrong.append(f"{name}: its size is lost")
        if style in ROUNDED and not entry.sized:
            wrong.append(f"{name}: its rounded size is lost")
        if style in LONG and entry.mode != stat.S_IMODE(real.st_mode):
            wrong.append(f"{name}: mode {entry.mode}")
        if entry.when is None and style in LONG:
            wrong.append(f"{name}: its time is lost")
        if entry.when is not None and not _is_at(entry, real.st_mtime):
            wrong.append(f"{name}: {entry.when}, not {datetime.fromtimestamp(real.st_mtime, UTC)}")
    return wrong


def _is_at(entry: Listed, seconds: float) -> bool:
    moment, when = datetime.fromtimestamp(seconds, UTC), entry.when
    assert when is not None
    day = (when.month, when.day) == (moment.month, moment.day) and when.year in (None, moment.year)
    second = moment.hour * 3600 + moment.minute * 60 + moment.second
    return day and (when.precision == 86400 or abs(when.second - second) <= when.precision + 1)


@pytest.mark.parametrize("style", STYLES)
def test_every_style_is_read_as_lstat_says(style: str, directory: Path) -> None:
    assert differences(entries(run(style, directory)), directory, style) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_every_locale_is_read_as_lstat_says(locale: str, directory: Path, locales: Path) -> None:
    wrong = {
        style: found
        for style in IN_LOCALES
        if (found := differences(entries(run(style, directory, f"{locale}.UTF-8", locales)), directory, style))
    }
    assert wrong == {}


def each(before: str, after: str = "") -> Callable[[str], str]:
    """Something around every line."""
    return lambda text: "".join(f"{before}{line}{after}\n" for line in text.splitlines())


WRAPS: dict[str, Callable[[str], str | bytes]] = {
    "prompt": lambda text: f"root@n1:~# ls\n{text}root@n1:~# \n",
    "sudo": lambda text: f"ubuntu@n1:~$ sudo ls\n[sudo] password for ubuntu: \n{text}ubuntu@n1:~$\n",
    "command alone": lambda text: f"sudo ls\n{text}",
    "fence": lambda text: f"Hi, here it is:\n\n```console\n$ ls\n{text}```\nThanks!\n",
    "markup": lambda text: f"<pre><code>{text}</code></pre>\n",
    "quoted": each("> "),
    "quoted twice": each(">> "),
    "indented": each("    "),
    "a tab before": each("\t"),
    "blanks behind": each("", "   "),
    "carriage returns": lambda text: text.replace("\n", "\r\n"),
    "mark of byte order": lambda text: "\ufeff" + text,
    "utf-16": lambda text: b"\xff\xfe" + text.replace("\n", "\r\n").encode("utf-16-le"),
    "utf-16, other order": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "no end of line": lambda text: text.rstrip("\n"),
    "empty lines": lambda text: text.replace("\n", "\n\n"),
    "remarks": lambda text: "".join(
        f"{line}   <--- this one\n" if line.endswith("metadata1") else f"{line}\n" for line in text.splitlines()
    ),
    "numbers": lambda text: "".join(f"{number:5}\t{line}\n" for number, line in enumerate(text.splitlines(), 1)),
    "journal": each("Nov 24 10:10:10 n1 collect.sh[1234]: "),
    "pdsh": each("n1: "),
    "comment": each("# "),
    "bullets": each("• "),
    "ansible": lambda text: f"n1 | CHANGED | rc=0 >>\n{text}",
    "script": lambda text: (
        "\x1b[?2004hroot@n1:~# ls\r\n\x1b[?2004l\r" + text.replace("\n", "\r\n") + "\x1b]0;root@n1: ~\x07root@n1:~# "
    ),
    "one blank": lambda text: "".join(" ".join(line.split()) + "\n" for line in text.splitlines()),
}
NAMING = {"prompt", "sudo", "journal", "pdsh", "ansible", "script"}  # of them, those that name the host


@pytest.mark.parametrize("wrap", WRAPS)
def test_what_people_paste_around_it_changes_nothing(wrap: str, directory: Path) -> None:
    wrong = {}
    for style in ("ls -la", "ls -lh", "ls -1", "find . -ls", "tree -s", "tar c . | tar tv", "ls -C -w 120"):
        wrapped = WRAPS[wrap](run(style, directory).decode())
        text = wrapped if isinstance(wrapped, bytes) else wrapped.encode()
        found = differences(entries(text), directory, style)
        hosts = {listing.host for listing in parse_listings(BytesBlob("paste.txt", text)) if listing.entries}
        if found or hosts != ({"n1"} if wrap in NAMING else {None}):
            wrong[style] = [*found, str(hosts)]
    assert wrong == {}


# --- what is judged from a listing, against what is judged from the whole directory ---

DAMAGED = (
    "segment/gap", "segment/overlap", "segment/empty", "segment/open-twice", "snapshot/newest-without-meta",
    "metadata/short", "leftover/interrupted-write",
)  # fmt: skip
HEALTHY = ("healthy/killed-111", "healthy/trimmed-111", "healthy/new-term-118")
EXACT = ("ls -alZ", "ls --full-time", "find . -ls", "tree -ugpsD", "stat *")
LESS = ("ls -lh", "ls -lh --si", "ls -C -w 80", "ls -m", "tree", "tree -h", "du -a", "find .", "busybox ls -lh")


def report(name: str, content: bytes) -> Document:
    """The document of one input."""
    blob = BytesBlob(name, content)
    with pipeline.take([Source(name, archive_kind(blob) or "text", blob.size, blob, "")]) as evidence:
        return pipeline.analyze(evidence).document


def found(document: Document) -> dict[tuple[str, str], Severity]:
    """Severity by rule and node."""
    return {(finding.rule, node): finding.severity for finding in document.findings for node in finding.nodes}


def pasted(style: str, tree: Tree, root: Path) -> bytes:
    """All nodes in one paste, each behind its prompt."""
    folders = sorted({path.rpartition("/")[0] for path in tree if path.endswith("/cluster.yaml")})
    return b"".join(
        f"root@{folder.partition('/')[0]}:/{folder.partition('/')[2]}# {style}\n".encode() + run(style, root / folder)
        for folder in folders
    )


@pytest.mark.parametrize("name", [*DAMAGED, *HEALTHY])
def test_a_listing_never_says_what_the_whole_directory_denies(name: str, tmp_path: Path) -> None:
    tree = build(fixture(name))
    write(tree, tmp_path)
    for path, file in tree.items():
        os.utime(tmp_path / path, (file.mtime, file.mtime))
    whole = found(report("case.tar", pack(tree, "tar")))
    listed = found(report("paste.txt", pasted("ls -la", tree, tmp_path)))
    assert [key for key, severity in listed.items() if key not in whole or severity.rank < whole[key].rank] == []
    if name in DAMAGED:
        assert listed
    for style in EXACT:
        assert found(report("paste.txt", pasted(style, tree, tmp_path))) == listed, style
    for style in LESS:
        assert found(report("paste.txt", pasted(style, tree, tmp_path))).items() <= listed.items(), style


@pytest.mark.parametrize("style", ["ls -la", "ls -1", "ls -C -w 120", "tree -s", "find . -ls", "du -ah"])
def test_what_a_cut_took_away_is_not_called_missing(style: str, tmp_path: Path) -> None:
    """A healthy node's listing, cut anywhere: at its end, or at its beginning, as scrolling does."""
    tree = {path: file for path, file in build(fixture("healthy/trimmed-111")).items() if path.startswith("n1/")}
    write(tree, tmp_path)
    text = pasted(style, tree, tmp_path)
    start = text.index(b"\n") + 1
    alarms = set()
    for cut in range(start + 40, len(text), max(len(text) // 40, 1)):
        for part in (text[:cut], text[cut:]):
            if part.strip():
                alarms |= {
                    (rule, part) for (rule, _), grade in found(report("paste.txt", part)).items() if grade != "info"
                }
    assert alarms == set()
