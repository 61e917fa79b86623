"""The rules' prose (paragraphs, lists, `code`, indented blocks) as escaped HTML, or as lines for a terminal."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from html import escape

_ITEM = re.compile(r"(?:[-*]|\d+\.)\s+")
_CODE = re.compile(r"`([^`]+)`")


def html_of(text: str) -> str:
    """Everything escaped; the only tags are p, ul, ol, li, pre and code."""
    return "".join(_block_html(block) for block in _blocks(text))


def inline_of(text: str) -> str:
    """One sentence as escaped HTML; the only tag is code."""
    return _CODE.sub(r"<code>\1</code>", escape(text))


def lines_of(text: str, width: int) -> list[str]:
    """Filled to `width`; lists and indented blocks keep their shape."""
    lines: list[str] = []
    for block in _blocks(text):
        if _is_code(block):
            lines += [line.rstrip() for line in block]
            continue
        for item in _items(block):
            marker = _ITEM.match(item)
            indent = " " * len(marker[0]) if marker else ""
            lines += textwrap.wrap(item, width, subsequent_indent=indent, break_on_hyphens=False) or [""]
    return lines


def steps_of(text: str) -> tuple[str, ...]:
    """What to do, one by one: list items and paragraphs as they are; what leads to a list, and commands, left out."""
    return tuple(step for block in _blocks(text) if not _is_code(block) for step in _steps(_items(block)))


def _steps(items: list[str]) -> list[str]:
    listed = [item[found.end() :] for item in items if (found := _ITEM.match(item))]
    return listed or items


def _blocks(text: str) -> Iterator[list[str]]:
    block: list[str] = []
    for line in [*text.splitlines(), ""]:
        if line.strip():
            block.append(line)
        elif block:
            yield block
            block = []


def _is_code(block: list[str]) -> bool:
    return all(line.startswith("    ") for line in block)


def _items(block: list[str]) -> list[str]:
    """The block's list items, continuation lines joined; one item where it is a paragraph."""
    items: list[str] = []
    for line in block:
        if _ITEM.match(line.strip()) or not items:
            items.append(line.strip())
        else:
            items[-1] += " " + line.strip()
    return items


def _block_html(block: list[str]) -> str:
    if _is_code(block):
        return f"<pre>{escape(textwrap.dedent(chr(10).join(block)))}</pre>"
    html = ""
    open_list = ""
    for item in _items(block):
        marker = _ITEM.match(item)
        wanted = ("ol" if marker[0][0].isdigit() else "ul") if marker else ""
        if wanted != open_list:
            html += (f"</{open_list}>" if open_list else "") + (f"<{wanted}>" if wanted else "")
            open_list = wanted
        tag = "li" if marker else "p"
        html += f"<{tag}>{inline_of(item[marker.end() :] if marker else item)}</{tag}>"
    return html + (f"</{open_list}>" if open_list else "")
