"""`analyze --store`: one case more in a store, and what the store knows that is like it."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence

import zstandard
from msgspec.structs import replace

from forensics.errors import UsageError
from forensics.fleet.key import key_of, variant
from forensics.fleet.model import Outcome, Settings, State
from forensics.fleet.parquet import column_rows, commit, compact, rows_by_table
from forensics.fleet.questions import asking
from forensics.fleet.rows import rows_of
from forensics.fleet.seen import seen
from forensics.fleet.sources import case_of
from forensics.fleet.store import Store
from forensics.report.document import Document
from forensics.report.json_text import render_json


def remember(url: str, paths: Sequence[str], document: Document, settings: Settings) -> Document:
    """Add a case to the store, and give its report with what the store knows that is like it.

    Args:
        url: of the store; made where there is none.
        paths: the case's inputs, on this machine.
        document: its report.
        settings: how it was judged.

    Raises UsageError where the store or the inputs cannot be read or written.
    """
    store, name = Store(url), _name(paths)
    try:
        key = key_of(paths, settings)
        if not store.has_report(key):
            store.put_report(key, zstandard.compress(render_json(document).encode()))
        outcome = Outcome(case_of(name, paths), key, State.OK, rows=rows_of(document), finished=time.time())
        keys = {held for held, state in column_rows(store, "cases", ("key", "state")) if state == State.OK}
        commit(store, rows_by_table([outcome], variant(settings), keys))
        compact(store)
    except OSError as error:
        raise UsageError(f"{url}: {error.strerror or error}") from error
    with asking(store) as questions:
        return replace(document, seen=seen(document, store, questions, name))


def _name(paths: Sequence[str]) -> str:
    """Of a single upload as `fleet run` names it, when it is given the folder."""
    absolute = [os.path.abspath(path) for path in paths]
    folder = os.path.basename(os.path.dirname(absolute[0]))
    return f"{folder}/{' + '.join(map(os.path.basename, absolute))}"
