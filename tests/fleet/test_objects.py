"""An object store: cases come from it, reports and tables go into it. The server is moto's, on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from forensics.cli import main
from forensics.fleet.store import Store


@pytest.fixture
def options(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """What follows a URL, for pyarrow to find the server."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"?endpoint_override={host}:{port}&scheme=http&region=us-east-1"
    server.stop()


def test_cases_come_from_it_and_reports_go_into_it(
    options: str, uploads: Path, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    endpoint = f"http://{options.partition('=')[2].partition('&')[0]}"
    bucket = boto3.client("s3", endpoint_url=endpoint)
    bucket.create_bucket(Bucket="cases")
    for name in ("flipped-bit.tar.zst", "garbage.tar", "healthy-lxd.tar.zst"):
        bucket.upload_file(str(uploads / name), "cases", f"uploads/{name}")
    url = f"s3://cases/store{options}"
    run = ["fleet", "run", f"s3://cases/uploads{options}", "--store", url, "--workers", "1"]
    assert main(run) == 4
    assert capsys.readouterr().out == "3 cases: 2 ok, 1 refused\n"
    assert main(run) == 0
    assert capsys.readouterr().out == "nothing to do; 3 cases finished before\n"
    assert (
        main(["fleet", "sql", "SELECT name, key FROM cases WHERE state = 'ok'", "--store", url, "--format", "json"])
        == 0
    )
    found = {row["name"]: row["key"] for row in json.loads(capsys.readouterr().out)}
    local = Store(str(store))
    assert sorted(found) == ["uploads/flipped-bit.tar.zst", "uploads/healthy-lxd.tar.zst"]
    key = found["uploads/healthy-lxd.tar.zst"]
    assert Store(url).report_text(key) == local.report_text(key)
