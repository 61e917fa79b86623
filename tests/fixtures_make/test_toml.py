from __future__ import annotations

import datetime as dt
import tomllib

from fixtures.make import toml


def test_what_is_written_reads_back() -> None:
    document = {
        "text": 'quote " and \\ and\nline',
        "number": 2**53,
        "flag": True,
        "when": dt.datetime(2026, 11, 23, 1, 2, 3, tzinfo=dt.UTC),
        "short": [1, 2],
        "long": ["a" * 50, "b" * 50],
        "empty": [],
        "table": {"k8s.kine": 3, "inner": {"x": ""}},
        "members": [{"id": "1", "role": "voter"}],
        "node": [{"directory": "n1", "load": {"term": 1}}, {"directory": "n2", "load": {"term": 2}}],
    }
    assert tomllib.loads(toml.dumps(document)) == document
