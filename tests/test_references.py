"""Whatever the repository cites is there: sections of the reference, links, files, modules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("forensics", "tests", "docs", "templates", "bench", "fixtures", "examples")
SUFFIXES = {".py", ".md", ".toml", ".j2"}
AT_THE_ROOT = ("Makefile", "pyproject.toml", ".ci/run", ".pre-commit-config.yaml")

SECTION = re.compile(r"docs/reference/([\w-]+\.md)(?:#([\w-]+))?")
LINK = re.compile(r"\[[^\]\[]*\]\(([^)\s]+)\)")
PYTHON_FILE = re.compile(r"(?<![\w./*-])(?:[\w-]+/)*[\w-]+\.py(?![\w-])")
OTHER_FILE = re.compile(r"(?<![\w./-])(?:forensics|tests|docs|templates|bench|fixtures)/[\w./-]*+(?!\*)")
MODULE = re.compile(r"python -m ((?:forensics|bench|fixtures|tests)(?:\.\w+)*)")
MAKE = re.compile(r"(?:^(?:\$ )?|`)make ([a-z]+)", re.MULTILINE)

# Documents that nobody outside has.
UNKNOWN_DOCUMENT = re.compile(r"\b(?:FACTS|CONTRACT|PEERS)\b")

# Files that are cited and not ours: of canonical/microk8s, canonical/k8s-snap and sosreport/sos, an example, and where
# the templates lie in the wheel.
OTHERS = {
    "ceph_common.py",
    "docs/canonicalk8s/snap/howto/restore-quorum.md",
    "forensics/report/templates",
    "leave.py",
    "scripts/wrappers/join.py",
    "scripts/wrappers/remove_node.py",
    "scripts/wrappers/status.py",
    "seg999_two_closed_segments.py",
    "sos/report/__init__.py",
    "sos/report/plugins/microk8s.py",
}
PLACEHOLDER = re.compile(r"NAME|PAGE|TOPIC|VERSION")


@cache
def texts() -> dict[str, str]:
    """The text of every file that may cite, by its path in the repository."""
    in_rooms = (path for room in ROOMS for path in (ROOT / room).rglob("*") if path.suffix in SUFFIXES)
    files = [*ROOT.glob("*.md"), *(ROOT / name for name in AT_THE_ROOT), *in_rooms]
    return {
        path.relative_to(ROOT).as_posix(): path.read_text()
        for path in sorted(files)
        if path.name != Path(__file__).name
    }


def pages() -> list[str]:
    """The Markdown files."""
    return [path for path in texts() if path.endswith(".md")]


@cache
def anchors(page: str) -> frozenset[str]:
    """What GitHub lets one link to in a page: its headings, as slugs; outside of code."""
    found: list[str] = []
    for heading in re.findall(r"^#+ (.+)$", without_code(page), flags=re.MULTILINE):
        name = slug(heading)
        found.append(f"{name}-{found.count(name)}" if name in found else name)
    return frozenset(found)


def slug(heading: str) -> str:
    """A heading's anchor: small letters, words joined by hyphens, no other punctuation."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def missing(page: str, anchor: str) -> bool:
    """Whether there is no such page, or no such heading in it."""
    return page not in texts() or (anchor != "" and anchor not in anchors(page))


def test_slugs() -> None:
    """As GitHub makes them."""
    assert slug("`metadata1` and metadata2") == "metadata1-and-metadata2"
    assert slug("What must hold?") == "what-must-hold"


def test_every_cited_section_is_there() -> None:
    """`docs/reference/PAGE.md#heading`, wherever it stands."""
    dead = [
        f"{path}: {found[0]}"
        for path, text in texts().items()
        for found in SECTION.finditer(text)
        if missing(f"docs/reference/{found[1]}", found[2] or "")
    ]
    assert not dead, "\n".join(dead)


ABOUT_THIS_TOOL = {"README.md", "command-line.md", "open-questions.md", "report-fields.md", "report.md"}
PAGES_OF_FACTS = {
    page for page in pages() if page.startswith("docs/reference/") and Path(page).name not in ABOUT_THIS_TOOL
}


@pytest.mark.parametrize("page", sorted(PAGES_OF_FACTS))
def test_every_section_about_dqlite_names_its_sources(page: str) -> None:
    """At its end, or in a column of its table."""
    sections = re.split(r"^## ", without_code(page), flags=re.MULTILINE)[1:]
    bare = [text.splitlines()[0] for text in sections if not re.search(r"^Sources?:|\| source \|", text, re.MULTILINE)]
    assert not bare, ", ".join(bare)


def without_code(page: str) -> str:
    """A page's text outside of its code blocks."""
    return re.sub(r"^```.*?^```", "", texts()[page], flags=re.MULTILINE | re.DOTALL)


def relative_links(page: str) -> Iterator[tuple[str, str]]:
    """Path (empty for the page itself) and anchor of every link that does not lead to the web."""
    for target in LINK.findall(without_code(page)):
        if not re.match(r"\w+:", target):
            path, _, anchor = target.partition("#")
            yield path, anchor


@pytest.mark.parametrize("page", pages())
def test_every_relative_link_leads_somewhere(page: str) -> None:
    """Files exist, and headings with them."""
    for path, anchor in relative_links(page):
        target = (ROOT / page).parent / path if path else ROOT / page
        assert target.exists(), f"{page} links to {path}"
        if anchor:
            name = target.resolve().relative_to(ROOT).as_posix()
            assert not missing(name, anchor), f"{page} links to {path}#{anchor}"


@cache
def known_endings() -> frozenset[str]:
    """Every Python file by each end of its path: `rules/api.py` is `forensics/rules/api.py`."""
    paths = [PurePosixPath(path) for path in texts() if path.endswith(".py")]
    ours = {"/".join(path.parts[start:]) for path in paths for start in range(len(path.parts))}
    return frozenset(ours | {f"tests/{Path(__file__).name}"})


def test_every_cited_python_file_is_there() -> None:
    """Whole paths or ends of them; in the changelog old names may stand."""
    dead = [
        f"{path}: {cited}"
        for path, text in texts().items()
        if path != "CHANGELOG.md"
        for cited in PYTHON_FILE.findall(text)
        if cited not in known_endings() | OTHERS and not PLACEHOLDER.search(cited)
    ]
    assert not dead, "\n".join(dead)


def test_every_other_cited_file_or_folder_is_there() -> None:
    """Pages, templates, fixtures, by their whole path."""
    dead = [
        f"{path}: {cited}"
        for path, text in texts().items()
        if path != "CHANGELOG.md"
        for cited in (found.rstrip(".-") for found in OTHER_FILE.findall(text))
        if not (ROOT / cited).exists() and cited not in OTHERS and not PLACEHOLDER.search(cited)
    ]
    assert not dead, "\n".join(dead)


def test_every_module_that_one_is_told_to_run_is_there() -> None:
    """`python -m bench.casebook`."""
    dead = [
        f"{path}: python -m {module}"
        for path, text in texts().items()
        if path != "CHANGELOG.md"
        for module in MODULE.findall(text)
        if not is_module(module)
    ]
    assert not dead, "\n".join(dead)


def test_every_make_target_that_one_is_told_to_use_is_there() -> None:
    """`make test`; in a console block without the quotes."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {"test", "report"} <= targets
    dead = [
        f"{path}: make {target}"
        for path, text in texts().items()
        if path != "CHANGELOG.md"
        for target in MAKE.findall(text)
        if target not in targets
    ]
    assert not dead, "\n".join(dead)


def is_module(name: str) -> bool:
    """A file, or a package that can be run."""
    path = name.replace(".", "/")
    return f"{path}.py" in texts() or f"{path}/__main__.py" in texts()


def test_nothing_cites_a_document_that_is_not_here() -> None:
    """The reference is the one home of facts."""
    citing = [path for path, text in texts().items() if UNKNOWN_DOCUMENT.search(text)]
    assert not citing, "\n".join(citing)
