"""The documentation site: builds without a warning, loads nothing from elsewhere, and has its search in it."""

from __future__ import annotations

import lzma
import re
import subprocess
import sys
from pathlib import Path

import pytest

from forensics.check.build import build
from forensics.check.tree import tar_of
from forensics.rules.engine import catalogue
from tests.chromium import Chromium
from tests.fixtures import fixture

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("site")
    call = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(where)]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return where


def test_it_works_without_a_network(site: Path) -> None:
    """Scripts and styles are its own; the search index is a script, which a page opened from a disk can load."""
    assert (site / "search/search_index.js").stat().st_size > 100_000
    for page in ("index.html", "tutorial.html", "reference/start.html", "rules/segment.html"):
        text = (site / page).read_text()
        loaded = re.findall(r"<script[^>]* src=\"([^\"]+)\"|<link[^>]* rel=\"stylesheet\" href=\"([^\"]+)\"", text)
        assert loaded
        assert not [one for pair in loaded for one in pair if one.startswith(("http:", "https:", "//"))]


def test_it_is_searched_from_a_disk(site: Path, chromium: Chromium) -> None:
    chromium.open(site / "rules/SEG009.html")
    chromium.page.fill(".md-search__input", "flipped")
    chromium.page.keyboard.press("End")  # the theme reads its field when a key is released
    chromium.page.wait_for_selector(".md-search-result__item a[href*='tutorial.html']", state="attached")


def test_every_rule_has_a_page_with_an_example(site: Path) -> None:
    for rule in catalogue():
        text = (site / f"rules/{rule.id}.html").read_text()
        assert all(f"check --build . fixtures/{name}" in text for name in rule.fires_on)
        assert "False alarm if" in text


def test_links_out_of_the_docs_go_to_the_repository(site: Path) -> None:
    text = (site / "how-to/pipelines.html").read_text()
    assert "github.com/canonical/dqlite-forensics/blob/main/action.yml" in text
    assert "github.com/canonical/dqlite-forensics/blob/main/fixtures/README.md#of-your-own" in text


def test_the_upload_of_the_tutorial_is_a_fixture(site: Path) -> None:
    upload = (site / "tutorial-files/upload.tar.xz").read_bytes()
    assert lzma.decompress(upload) == tar_of(build(fixture("segment/single-flipped-bit")))
