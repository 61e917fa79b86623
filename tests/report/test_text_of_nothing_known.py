"""What a text gets in which nothing is known, and that names no product: never that nothing has to be done."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics import pipeline
from forensics.report.text import render_text

_NOTHING = "nothing has to be done"


def rendered(folder: Path, text: str) -> str:
    path = folder / "paste.txt"
    path.write_text(text, encoding="utf-8")
    with pipeline.ingest([str(path)]) as evidence:
        return render_text(pipeline.analyze(evidence).document, width=200)


@pytest.mark.parametrize("text", ["it does not work any more\n", "error: widget frobnicated badly\n"])
def test_where_nothing_is_known_the_rest_is_asked_for(tmp_path: Path, text: str) -> None:
    said = rendered(tmp_path, text)
    assert _NOTHING not in said
    assert "Send the state directory" in said
    assert "the name of the product" in said


def test_a_text_of_another_product_needs_nothing(tmp_path: Path) -> None:
    said = rendered(tmp_path, "rqlited: [http] service listening on 10.0.0.1:4001\nrqlited: node is leader\n")
    assert _NOTHING in said
    assert "Send the state directory" not in said


def test_a_product_gets_its_own_commands(tmp_path: Path) -> None:
    said = rendered(tmp_path, "Jan  5 10:00:00 n1 k8s.k8sd[4711]: Starting\n")
    assert "journalctl -u 'snap.k8s.k8sd'" in said
    assert "the name of the product" not in said
