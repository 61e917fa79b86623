"""The pictures of the logs, used in real Chromium: zoomed by mouse and keyboard, read out, followed to a finding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.browser.pages import written
from tests.chromium import Chromium
from tests.fixtures import known
from tests.report.documents import damaged

DAMAGE = "#picture-1 rect.s-damage"
FIRST, LAST = 386, 414  # the batch of the fixture that cannot be read, and the axis ends with it


def place(chromium: Chromium, selector: str) -> tuple[float, float]:
    """(x, width) of an element, in per cent of its plot."""
    box = f"document.querySelector('{selector}').getBoundingClientRect()"
    plot = "document.querySelector('#picture-1 .plot').getBoundingClientRect()"
    x, width, left, whole = chromium.value(f"[{box}.x, {box}.width, {plot}.x, {plot}.width]")
    return (x - left) / whole * 100, width / whole * 100


def axis(chromium: Chromium) -> tuple[int, int]:
    first, last = chromium.value("document.querySelector('#picture-1').dataset.axis").split(" ")
    return int(first), int(last)


def lane(chromium: Chromium, number: int) -> Any:
    return known(chromium.page.locator("#picture-1 .lane .plot").nth(number).bounding_box())


def test_a_drag_zooms_and_the_address_keeps_it(chromium: Chromium, tmp_path: Path) -> None:
    path = written(tmp_path, damaged())
    chromium.open(path)
    first, last = axis(chromium)
    assert last == LAST
    _, before = place(chromium, DAMAGE)
    plot, mouse = lane(chromium, 2), chromium.page.mouse
    middle = plot["y"] + plot["height"] / 2
    mouse.move(plot["x"] + plot["width"] / 2, middle)
    mouse.down()
    mouse.move(plot["x"] + plot["width"] * 0.8, middle, steps=3)
    mouse.move(plot["x"] + plot["width"] - 1, middle, steps=3)
    mouse.up()
    half = (last + 1 - first) / 2
    _, after = place(chromium, DAMAGE)
    assert abs(after - 2 * before) < 2  # half the axis is shown: twice as wide
    address = chromium.value("location.hash")
    assert "zoom=picture-1" in address
    assert abs((LAST + 1 - FIRST) / half * 100 - after) < 2
    chromium.open(path, anchor=address)
    assert abs(place(chromium, DAMAGE)[1] - after) < 0.1
    chromium.page.locator("#picture-1 [data-zoom='0']").click()
    assert abs(place(chromium, DAMAGE)[1] - before) < 0.1
    assert "zoom" not in chromium.value("location.hash")
    assert chromium.complaints() == []


def test_keys_zoom_and_move(chromium: Chromium, tmp_path: Path) -> None:
    chromium.open(written(tmp_path, damaged()))
    _, before = place(chromium, DAMAGE)
    chromium.page.locator("#picture-1 [data-zoom='2']").focus()
    for key in ("+", "ArrowRight", "ArrowRight"):  # the middle half, then its right: the last half
        chromium.press(key)
    assert abs(place(chromium, DAMAGE)[1] - 2 * before) < 0.5
    chromium.press("0")
    assert abs(place(chromium, DAMAGE)[1] - before) < 0.1


def test_the_readout_tells_what_is_under_the_pointer(chromium: Chromium, tmp_path: Path) -> None:
    chromium.open(written(tmp_path, damaged()))
    first, last = axis(chromium)
    plot = lane(chromium, 2)
    x = plot["x"] + plot["width"] * (400.5 - first) / (last + 1 - first)
    chromium.page.mouse.move(x, plot["y"] + plot["height"] / 2)
    said = chromium.page.locator("#picture-1 .readout").inner_text()
    assert said.startswith("400 · n2")
    assert "unreadable from byte 24704" in said
    other = lane(chromium, 1)
    chromium.page.mouse.move(x, other["y"] + other["height"] / 2)
    assert "term 2" in chromium.page.locator("#picture-1 .readout").inner_text()


def test_a_mark_leads_to_its_finding_and_back(chromium: Chromium, tmp_path: Path) -> None:
    chromium.open(written(tmp_path, damaged()))
    chromium.page.locator(DAMAGE).click()
    assert chromium.value("document.activeElement.id") == "f1"
    chromium.page.locator("#picture-1 [data-zoom='0.5']").click()
    chromium.page.locator("#f1").get_by_text("in the picture").click()
    assert chromium.value("document.activeElement.querySelector('.s-damage') !== null")
    assert chromium.value("document.activeElement.getAttribute('href')") == "#f1"
    chromium.press("Enter")
    assert chromium.value("document.activeElement.id") == "f1"


def test_the_table_tells_the_same(chromium: Chromium, tmp_path: Path) -> None:
    """Whatever has a title in the picture, but sound segments, stands in the table; so do the links."""
    chromium.open(written(tmp_path, damaged()))
    picture = "document.querySelector('#picture-1')"
    sound = "rect.s-closed, rect.s-open, rect.s-named"
    titles = chromium.value(
        f"[...{picture}.querySelectorAll('.plot [data-i]')].filter(e => !e.matches('{sound}'))"
        ".map(e => e.querySelector('title')?.textContent).filter(Boolean)"
    )
    told = chromium.value(f"{picture}.querySelector('table').textContent")
    assert len(titles) > 6
    assert [title for title in titles if title not in told] == []
    drawn, listed = (
        chromium.value(f"[...new Set([...{picture}.querySelectorAll('{where} a')].map(a => a.getAttribute('href')))]")
        for where in (".plot", "table")
    )
    assert sorted(drawn) == sorted(listed)


def test_what_is_zoomed_away_comes_back_when_a_link_leads_there(chromium: Chromium, tmp_path: Path) -> None:
    chromium.open(written(tmp_path, damaged()), anchor="#?zoom=picture-1:200-220")
    x, _ = place(chromium, DAMAGE)
    assert x > 100
    chromium.page.locator("#f1").get_by_text("in the picture").click()
    x, width = place(chromium, DAMAGE)
    assert x + width <= 101
