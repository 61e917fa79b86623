"""The report in real Chromium, opened from disk: no network, no complaint, nothing hostile obeyed, legible."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from forensics.report.document import Document
from forensics.report.formats import FORMATS
from tests import hostile
from tests.browser.pages import written
from tests.chromium import Chromium
from tests.fixtures import report
from tests.report.documents import changed, damaged, finding, hostile_report

LIGHT, DARK = (0xF6, 0xF7, 0xF8), (0x14, 0x18, 0x1D)  # --paper of templates/report.css


def mixed() -> Document:
    """A report with several findings of several severities."""
    document = damaged()
    database = document.clusters[0].database
    others = [
        finding(rule=f"TST-{severity}", severity=severity, database=database) for severity in ("medium", "low", "info")
    ]
    return changed(document, findings=(document.findings[0], *others))


@pytest.mark.parametrize("name", ["damaged", "hostile"])
def test_it_asks_for_nothing_and_complains_of_nothing(chromium: Chromium, tmp_path: Path, name: str) -> None:
    path = written(tmp_path, damaged() if name == "damaged" else hostile_report())
    chromium.open(path)
    assert chromium.value("document.readyState") == "complete"
    assert chromium.requests() == [path.resolve().as_uri()]
    assert chromium.complaints() == []


def test_hostile_strings_are_text(chromium: Chromium, tmp_path: Path) -> None:
    chromium.open(written(tmp_path, hostile_report()))
    assert "owned" not in chromium.value("document.title").replace(hostile.IMAGE, "")
    assert chromium.value("document.images.length") == 0
    assert chromium.value("document.scripts.length") == 1
    every = "[...document.querySelectorAll('*')]"
    handlers = f"{every}.filter(e => [...e.attributes].some(a => a.name.startsWith('on')))"
    assert chromium.value(f"{handlers}.length") == 0
    text = chromium.value("document.body.textContent")
    for wanted in (hostile.IMAGE, hostile.SCRIPT, hostile.QUOTES):
        assert wanted in text


def test_what_is_injected_after_all_is_not_obeyed(chromium: Chromium, tmp_path: Path) -> None:
    """The second line of defence: what a renderer forgot to escape would meet a policy that refuses it."""
    html = FORMATS["html"].render(damaged())
    attack = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
    attack += "<style>body{display:none}</style>"
    path = tmp_path / "attacked.html"
    path.write_text(html.replace("<main>", f"<main>{attack}"), encoding="utf-8")
    chromium.open(path)
    assert chromium.value("document.title") != "owned"
    assert chromium.value("getComputedStyle(document.body).display") == "block"
    assert any("Content Security Policy" in complaint for complaint in chromium.complaints())


@pytest.mark.parametrize(("scheme", "paper"), [("light", LIGHT), ("dark", DARK)])
@pytest.mark.parametrize("width", [1280, 420])
def test_both_schemes_are_drawn(
    chromium: Chromium, tmp_path: Path, scheme: str, paper: tuple[int, int, int], width: int
) -> None:
    chromium.open(written(tmp_path, damaged()), scheme=scheme, width=width)
    rows = pixels(chromium.screenshot())
    assert rows[0][0] == paper
    colors = {color for row in rows for color in row}
    assert len(colors) > 40  # text, badges, the picture
    assert sum(color == paper for row in rows for color in row) < 0.9 * len(rows) * len(rows[0])


def test_the_page_never_scrolls_sideways(chromium: Chromium, tmp_path: Path) -> None:
    for document in (damaged(), hostile_report()):
        for width in (1280, 760, 360):
            chromium.open(written(tmp_path, document), width=width)
            assert chromium.value("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_background(chromium: Chromium, tmp_path: Path, scheme: str) -> None:
    """WCAG AA: 4.5 to 1 for text, worked out for every piece of text of the page."""
    chromium.open(written(tmp_path, mixed()), scheme=scheme)
    poor = chromium.value(CONTRAST)
    assert poor == []


CONTRAST = r"""
(() => {
  const numbers = (text) => text.match(/[\d.]+/g).map(Number);
  const linear = (v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => [r, g, b].map((v) => linear(v / 255))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const color = numbers(getComputedStyle(e).backgroundColor);
      if (color.length < 4 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const poor = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    const silent = ["script", "style", "title", "desc"].includes(element.tagName.toLowerCase());
    if (silent || !walk.currentNode.textContent.trim()) continue;
    const style = getComputedStyle(element);
    const ink = numbers(element.closest("svg") ? style.fill : style.color);
    const [a, b] = [light(ink), light(ground(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const name = element.className.baseVal ?? element.className;
    if (ratio < 4.5) poor.add(`${element.tagName}.${name} ${ratio.toFixed(2)}`);
  }
  return [...poor];
})()
"""


def test_the_filter_narrows_and_escape_clears(chromium: Chromium, tmp_path: Path) -> None:
    chromium.open(written(tmp_path, mixed()))
    seen = "[...document.querySelectorAll('.finding')].filter(f => getComputedStyle(f).display !== 'none').length"
    assert chromium.value(seen) == 4
    chromium.press("/")
    assert chromium.value("document.activeElement.id") == "filter"
    chromium.value("document.getElementById('filter').value = 'TST-low'")
    chromium.value("document.getElementById('filter').dispatchEvent(new Event('input'))")
    assert chromium.value(seen) == 1
    assert chromium.value("document.getElementById('filtered').textContent") == "1 of 4 findings"
    chromium.press("Escape")
    assert chromium.value(seen) == 4
    chromium.value("document.querySelector('[data-severity-switch=medium]').click()")
    assert chromium.value(seen) == 3


def test_j_and_k_walk_the_findings(chromium: Chromium, tmp_path: Path) -> None:
    chromium.open(written(tmp_path, mixed()))
    walked = []
    for key in "jjkj":
        chromium.press(key)
        walked.append(chromium.value("document.activeElement.id"))
    assert walked == ["f1", "f2", "f1", "f2"]


def test_without_script_everything_is_there(chromium: Chromium, tmp_path: Path) -> None:
    path = written(tmp_path, mixed())
    chromium.open(path)
    words = "[...document.querySelectorAll('main *')].filter(e => !e.matches('.copy, .tools, .tools *')).length"
    with_script = chromium.value(words)
    chromium.scripts(run=False)
    try:
        chromium.open(path)
        assert chromium.value("document.querySelector('.tools').hidden") is True
        assert chromium.value(words) == with_script
        assert chromium.value("[...document.querySelectorAll('.finding')].every(f => f.offsetHeight > 0)") is True
    finally:
        chromium.scripts(run=True)


def test_it_prints(chromium: Chromium, tmp_path: Path) -> None:
    """The first screen with its faults, and the pictures: a few pages, whatever the page below them holds."""
    assert 1 <= _pages(chromium, tmp_path, mixed()) <= 3


def test_a_plan_prints_on_one_page(chromium: Chromium, tmp_path: Path) -> None:
    """The answers on the first, with the picture; a recovery that is needed on one of its own."""
    assert _pages(chromium, tmp_path, damaged()) == 1
    assert _pages(chromium, tmp_path, report("cluster/no-voters")) == 2
    assert _pages(chromium, tmp_path, report("cluster/forced-member-misnamed-segment")) == 2


def _pages(chromium: Chromium, folder: Path, document: Document) -> int:
    chromium.open(written(folder, document))
    pdf = chromium.pdf()
    assert pdf.startswith(b"%PDF-")
    return pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") + pdf.count(b"/Type/Page/")


def pixels(png: bytes) -> list[list[tuple[int, int, int]]]:
    """Rows of RGB, of an 8-bit PNG without interlacing (the kind that Chromium writes)."""
    width, height, depth, kind, _, _, interlace = struct.unpack(">IIBBBBB", png[16:29])
    assert (depth, interlace) == (8, 0)
    step = {2: 3, 6: 4}[kind]
    data, position = b"", 8
    while position < len(png):
        (length,) = struct.unpack(">I", png[position : position + 4])
        if png[position + 4 : position + 8] == b"IDAT":
            data += png[position + 8 : position + 8 + length]
        position += length + 12
    raw = zlib.decompress(data)
    rows, before = [], bytearray(width * step)
    for number in range(height):
        start = number * (width * step + 1)
        line = _unfilter(raw[start], bytearray(raw[start + 1 : start + 1 + width * step]), before, step)
        rows.append([(line[at], line[at + 1], line[at + 2]) for at in range(0, width * step, step)])
        before = line
    return rows


def _unfilter(kind: int, line: bytearray, above: bytearray, step: int) -> bytearray:
    """PNG specification, section 9: each filter by its definition."""
    if kind == 0:
        return line
    for at in range(len(line)):
        left = line[at - step] if at >= step else 0
        corner = above[at - step] if at >= step else 0
        line[at] = (
            line[at] + (0, left, above[at], (left + above[at]) // 2, _paeth(left, above[at], corner))[kind]
        ) & 255
    return line


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    distances = (abs(guess - left), abs(guess - up), abs(guess - corner))
    return (left, up, corner)[distances.index(min(distances))]
