"""The report used as a person would, in real Chromium: tick, copy, follow a link, share the address, at any size."""

from __future__ import annotations

import re
from pathlib import Path

from tests.browser.look import WIDTHS, speed_of
from tests.browser.pages import written
from tests.chromium import Chromium
from tests.fixtures import report
from tests.report.documents import changed, damaged, finding, hostile_report, samples
from tests.report.large import large_report


def test_a_tick_stays_in_the_address(chromium: Chromium, tmp_path: Path) -> None:
    path = written(tmp_path, damaged())
    chromium.open(path)
    chromium.page.locator(".case .tick").first.check()
    address = chromium.value("location.hash")
    assert "done=1" in address
    chromium.open(path, anchor=address)
    assert chromium.page.locator(".case .tick").first.is_checked()
    assert chromium.complaints() == []


def test_every_command_can_be_copied(chromium: Chromium, tmp_path: Path) -> None:
    chromium.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    chromium.open(written(tmp_path, damaged()))
    commands = chromium.page.locator(".case pre.command")
    assert commands.count() > 0
    assert chromium.page.locator("pre.command").count() == chromium.page.locator("button.copy").count()
    chromium.page.locator(".case button.copy").first.click()
    chromium.page.wait_for_function("document.querySelector('.case button.copy').textContent === 'Copied'")
    copied = chromium.value("navigator.clipboard.readText()")
    assert copied == commands.first.inner_text().strip()


def test_the_menu_names_every_room(chromium: Chromium, tmp_path: Path) -> None:
    chromium.open(written(tmp_path, damaged()))
    rooms = chromium.value("[...document.querySelectorAll('main section[id]')].map(s => '#' + s.id)")
    menu = chromium.value("[...document.querySelectorAll('nav a')].map(a => a.getAttribute('href'))")
    assert menu == rooms
    headed = chromium.value("[...document.querySelectorAll('main section')].filter(s => !s.id).length")
    assert headed == 0


def test_a_link_opens_what_hides_it(chromium: Chromium, tmp_path: Path) -> None:
    document = damaged()
    minor = next(number for number, one in enumerate(document.findings, 1) if one.severity == "info")
    chromium.open(written(tmp_path, document), anchor=f"#f{minor}")
    assert chromium.value(f"document.getElementById('f{minor}').open") is True
    assert chromium.value("document.activeElement.id") == f"f{minor}"


def test_the_filter_excludes_and_is_shared(chromium: Chromium, tmp_path: Path) -> None:
    path = written(tmp_path, damaged())
    rule = damaged().findings[0].rule
    chromium.open(path)
    chromium.page.locator("#filter").fill(f"-{rule}")
    seen = "[...document.querySelectorAll('.finding')].filter(f => !f.classList.contains('out')).length"
    left = chromium.value(seen)
    assert left == sum(one.rule != rule for one in damaged().findings)
    chromium.open(path, anchor=chromium.value("location.hash"))
    assert chromium.value(seen) == left


def test_a_name_of_4_kb_breaks_no_layout(chromium: Chromium, tmp_path: Path) -> None:
    document = damaged()
    cluster = document.clusters[0]
    long = "n" * 4096
    nodes = (changed(cluster.nodes[0], name=long), *cluster.nodes[1:])
    path = written(tmp_path, changed(document, clusters=(changed(cluster, nodes=nodes, name=long),)))
    for width in (390, 1280):
        chromium.open(path, width=width)
        assert chromium.value("document.documentElement.scrollWidth") <= width
        widths = "Math.max(...[...document.querySelectorAll('main *')].map(e => e.getBoundingClientRect().width))"
        assert chromium.value(widths) < 3 * 1280


def test_nodes_are_cards_on_a_phone(chromium: Chromium, tmp_path: Path) -> None:
    """Each cell stands under the name of its node, says its head, and nothing scrolls sideways."""
    chromium.open(written(tmp_path, damaged()), width=390)
    top = "e => Math.round(e.getBoundingClientRect().top)"
    names = chromium.value(f"[...document.querySelectorAll('.nodes thead th')].slice(1).map({top})")
    rows = chromium.value(
        f"[...document.querySelectorAll('.nodes tbody tr')].map(r => [...r.querySelectorAll('td')].map({top}))"
    )
    assert names == sorted(names)
    assert len(names) == len(damaged().clusters[0].nodes)
    for cells in rows:
        assert all(name < cell for name, cell in zip(names, cells, strict=True))
        assert all(cell < name for cell, name in zip(cells, names[1:], strict=False))
    assert _cards_seen(chromium, ".nodes") == len(rows) * len(names)
    chromium.open(written(tmp_path, large_report(damaged())), width=390)
    assert _cards_seen(chromium, ".many") > 0


def _cards_seen(chromium: Chromium, table: str) -> int:
    """How many cells are seen, each with its head; the table is no wider than the screen."""
    assert chromium.value(f"document.querySelector('{table}').parentElement.scrollWidth") <= 390
    heads = chromium.value(
        f"[...document.querySelectorAll('{table} td')].filter(e => e.checkVisibility())"
        ".map(e => getComputedStyle(e, '::before').content)"
    )
    assert all(head not in ("none", "normal") for head in heads)
    return len(heads)


def test_nothing_stands_in_the_way(chromium: Chromium, tmp_path: Path) -> None:
    """axe-core has nothing serious or critical to say: one fixture a topic, each at one width."""
    found = {}
    for number, name in enumerate(samples()):
        chromium.open(written(tmp_path, report(name)), width=WIDTHS[number % len(WIDTHS)])
        found[name] = chromium.barriers()
        if number % 4 == 0:
            chromium.open(written(tmp_path, report(name)), scheme="dark")
            found[f"{name} in the dark"] = chromium.barriers()
    for width in WIDTHS:
        chromium.open(written(tmp_path, hostile_report()), width=width)
        found[f"hostile at {width}"] = chromium.barriers()
    assert {name: words for name, words in found.items() if words} == {}


def test_two_hundred_nodes_and_ten_thousand_findings(chromium: Chromium, tmp_path: Path) -> None:
    """First paint within 1 s, usable within 2 s, a filter within 200 ms, below 6 MB: `make look` prints these.

    Times are held to twice that, for CI may be busy with other things; what they come from is held as it is.
    """
    path = written(tmp_path, large_report(damaged()))
    found = speed_of(chromium, path)
    assert found.megabytes < 2
    assert found.elements < 42_000
    assert found.first_paint_ms < 2_000
    assert found.usable_ms < 4_000
    assert found.filter_ms < 400
    assert found.told == "50 of 10000 findings"
    chromium.open(path, anchor="#f9000")
    chromium.page.wait_for_selector("#f9000")
    assert chromium.complaints() == []


def test_a_fault_is_filtered_by_its_name(chromium: Chromium, tmp_path: Path) -> None:
    chromium.open(written(tmp_path, damaged()))
    links = chromium.value("document.querySelector('.worst #fault-001').textContent")
    assert damaged().findings[0].rule in links
    of_fault = chromium.value(
        "[...document.querySelectorAll('.finding')].filter(f => f.textContent.includes('fault-001')).length"
    )
    assert 0 < of_fault < len(damaged().findings)
    seen = "[...document.querySelectorAll('.finding')].filter(f => !f.classList.contains('out')).length"
    chromium.page.locator("#filter").fill("fault-001")
    assert chromium.value(seen) == of_fault
    chromium.page.locator("#filter").fill("-fault-001")
    assert chromium.value(seen) == len(damaged().findings) - of_fault
    assert "q=-fault-001" in chromium.value("location.hash")


def test_evidence_leads_from_the_claim_to_the_fact_the_file_and_the_bytes(chromium: Chromium, tmp_path: Path) -> None:
    """docs/reference/segments.md#batches: count at byte 8 of a batch's header, the first entry's term at byte 16."""
    document = report("segment/flipped-bit-last")
    number, one = next(
        (number, one) for number, one in enumerate(document.findings, 1) if one.evidence and one.evidence[0].fields
    )
    offset = one.evidence[0].offset
    chromium.open(written(tmp_path, document), anchor=f"#f{number}")
    article = chromium.page.locator(f"#f{number}")
    article.locator("details.fact summary").click()
    assert one.kind in article.locator("details.fact").inner_text()
    rows = [re.split(" {2,}", row.strip()) for row in article.locator("pre.hex").first.inner_text().splitlines()]
    assert [str(offset + 8), "count, batch 2"] == [rows[3][0], rows[3][2]]
    assert [str(offset + 16), "term, entry 1"] == [rows[4][0], rows[4][2]]
    article.locator(".path a").first.click()
    row = chromium.page.locator("tr[id^=file-]:focus")
    assert one.evidence[0].path in row.inner_text()
    assert row.is_visible()


def shown(chromium: Chromium) -> list[str]:
    """The IDs of the findings that are left."""
    got = chromium.value("[...document.querySelectorAll('.finding:not(.out)')].map(f => f.id)")
    return [str(one) for one in got]


def test_switches_pick_out_and_leave_out_and_are_shared(chromium: Chromium, tmp_path: Path) -> None:
    """Names with what an address and a page would take for their own."""
    strange, other = "n&+,1'\"<b>", "-n2"
    found = [
        finding(rule="TST001", nodes=[strange]),
        finding(rule="TST001", nodes=[other]),
        finding(rule="TST002", nodes=[strange, other]),
        finding(rule="TST002", nodes=[]),
    ]
    path = written(tmp_path, changed(damaged(), findings=found))
    chromium.open(path)
    chromium.page.locator("details.picks summary").first.click()
    by_name = {name: chromium.page.locator(f"[data-pick=node] >> text={name}") for name in (strange, other)}
    by_name[strange].click()
    assert shown(chromium) == ["f1", "f3"]
    by_name[strange].click()
    assert shown(chromium) == ["f2", "f3", "f4"]  # the third is about another node, too
    by_name[other].click()
    by_name[other].click()
    assert shown(chromium) == ["f4"]
    address = chromium.value("location.hash")
    chromium.open(path, anchor=address)
    assert shown(chromium) == ["f4"]
    chromium.page.locator("#all").click()
    assert shown(chromium) == ["f1", "f2", "f3", "f4"]
    chromium.page.locator("details.picks summary").nth(1).focus()
    chromium.press("Enter")
    chromium.press("Tab")
    chromium.press("Space")
    assert shown(chromium) == ["f1", "f2"]
    assert "rule=%2BTST001" in chromium.value("location.hash")
    assert chromium.complaints() == []


def test_switches_reach_findings_that_are_packed(chromium: Chromium, tmp_path: Path) -> None:
    """Of 10,000 findings in 200 nodes each node has 50."""
    chromium.open(written(tmp_path, large_report(damaged())), anchor="#?node=%2Bnode-017")
    chromium.page.wait_for_function("document.getElementById('filtered').textContent.startsWith('50 of ')")


def test_the_size_of_a_database_leads_to_its_findings_and_back(chromium: Chromium, tmp_path: Path) -> None:
    document = report("kine/every-oddity")
    chromium.open(written(tmp_path, document))
    chromium.page.locator(".growth svg a").focus()
    chromium.press("Enter")
    assert chromium.value("document.activeElement.id") == "f1"
    assert document.findings[0].where == ("k8s",)
    chromium.page.locator("#f1").get_by_text("in the database").click()
    assert chromium.value("document.activeElement.closest('figure.growth') !== null")
    torn = next(n for n, one in enumerate(document.findings, 1) if one.rule == "KIN006")  # of a key of configmaps
    bar = chromium.page.locator("tr", has_text="/registry/configmaps").locator("td a").first
    assert bar.get_attribute("href") in {f"#f{n}" for n in range(1, torn + 1)}
    fill = chromium.value("getComputedStyle(document.querySelector('.chart .b-live')).fill")
    assert fill == chromium.value("getComputedStyle(document.querySelector('.s-closed')).fill")
