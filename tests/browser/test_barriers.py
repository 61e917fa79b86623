"""What `make look` must see: of a page like the one before it, only what is not like it is tried."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.pages import written
from tests.chromium import Chromium
from tests.report.documents import damaged


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        ("document.querySelector('main p').style.color = '#ccd'", "color-contrast"),
        ("document.querySelector('main h2').parentElement.append(document.createElement('button'))", "button-name"),
        (
            "document.querySelectorAll('.scroll').forEach((one) => one.removeAttribute('tabindex'))",
            "scrollable-region-focusable",
        ),
        ("document.querySelector('nav a').textContent = ''", "link-name"),
        ("document.querySelector('footer').style.width = '400px'", "px wide"),
    ],
)
def test_what_is_spoiled_on_the_second_page_is_seen(chromium: Chromium, tmp_path: Path, spoil: str, rule: str) -> None:
    path = written(tmp_path, damaged())
    chromium.open(path, width=390)
    assert chromium.barriers() == []
    chromium.open(path, width=390)
    chromium.value(f"(() => {{ {spoil} }})()")
    assert [words for words in chromium.barriers() if rule in words]
