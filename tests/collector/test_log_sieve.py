"""What the script keeps of journals: no secret, and every line that has none."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from forensics.collector import script
from tests.collector.machine import SHELLS, userland


@pytest.mark.parametrize("shell", SHELLS)
def test_what_a_log_line_keeps(shell: str, tmp_path: Path) -> None:
    """No secret of a journal, whatever it stands behind; what follows a line that has one is there."""
    sieve = "NAMES=" + script().partition("\nNAMES=")[2].partition("\nlist() {")[0]
    canary = "cAnArY7316"
    lines = [
        f"token={canary}",
        f"token = {canary}",
        f"token => {canary}",
        f"--token\t{canary}",
        f"join token {canary}",
        f"X-Auth-Token: {canary}",
        f"Authorization: Bearer {canary}",
        f"Authorization: Basic {canary}",
        f"bearer: {canary}",
        f"auth: {canary}",
        f"Cookie: session={canary}",
        f'{{"token":"{canary}", "node":"n1"}}',
        f'msg="{{\\"token\\":\\"{canary}\\"}}"',
        f'password: "two {canary} words"',
        f"passphrase='two {canary}'",
        f"password is {canary}",
        f"pwd={canary}",
        f"api_key={canary}",
        f"AWS_SECRET_ACCESS_KEY={canary}",
        f"private_key={canary}",
        f"client-key-data: {canary}",
        f"credential={canary}",
        f"https://user:{canary}@host/",
        f"https://{canary}@host/",
        f"got eyJ{canary}-{canary}-{canary}",
        f"k: -----BEGIN PRIVATE KEY-----\nk: {canary}\nk: -----END PRIVATE KEY-----",
        "k: -----BEGIN PRIVATE KEY-----",
    ]
    plain = [
        "open cluster.key: permission denied",
        "tls: failed to verify certificate: x509: certificate signed by unknown authority",
        "probe Async I/O: resource temporarily unavailable",
    ]
    call, environment = userland(shell, tmp_path)
    text = "\n".join([*plain, *lines, *["k: more of a key"] * 200, "the last line"])
    done = subprocess.run(
        [*call, "-c", f"{sieve}\nof_a_log"], input=text, env=environment, capture_output=True, text=True, check=True
    )
    assert canary not in done.stdout
    kept = done.stdout.splitlines()
    assert (kept[: len(plain)], kept[-1]) == (plain, "the last line")
