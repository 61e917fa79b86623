"""Hooks of mkdocs: a page for each rule, links that lead out of docs/, and pages that load nothing from elsewhere."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files
from mkdocs.utils import get_relative_url

from bench.rule_pages import page_of
from forensics.rules.engine import catalogue

_ELSEWHERE = re.compile(r"<script src=\"https://unpkg\.com/[^>]*></script>")
_SEARCH = "assets/search-from-disk.js"
_LINK = re.compile(r"(?P<before>\]\()(?P<path>(?:\.\./)+[^)\s#]+)(?P<anchor>#[^)\s]*)?\)")


def on_files(files: Files, config: Any, **_: Any) -> Files:
    """Called with what lies in docs/: adds a page of its own for every rule, and what searches pages on a disk."""
    files.append(File.generated(config, _SEARCH, content=Path(__file__).with_name("site_search.js").read_text()))
    for rule in catalogue():
        files.append(File.generated(config, f"rules/{rule.id}.md", content=page_of(rule)))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, **_: Any) -> str:
    """Called by mkdocs for each page."""

    def resolved(link: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join("docs", posixpath.dirname(page.file.src_uri), link["path"]))
        if path.startswith("docs/"):
            return link[0]
        return f"{link['before']}{config.repo_url}/blob/main/{path}{link['anchor'] or ''})"

    return _LINK.sub(resolved, markdown)


def on_post_page(output: str, page: Any, **_: Any) -> str:
    """Called for each page that was made. For pages on a disk Material wants a script from elsewhere: it gets ours."""
    return _ELSEWHERE.sub(f'<script src="{get_relative_url(_SEARCH, page.url)}"></script>', output)
