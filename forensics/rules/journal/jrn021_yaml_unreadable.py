"""JRN021: info.yaml or cluster.yaml is empty, malformed or missing."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("yaml-unreadable", "yaml-inconsistent")


@rule(
    "JRN021",
    "info.yaml or cluster.yaml is empty, malformed or missing",
    Severity.HIGH,
    scope=Case,
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("journal/yaml-unreadable",),
    silent_on=("journal/everyday",),
)
def yaml_unreadable(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    go-dqlite's `inconsistent info.yaml and cluster.yaml`, `open cluster.yaml node store`, `unmarshall info.yaml`,
    `no cluster addresses provided`; microcluster's `Failed to load daemon.yaml`.
    ## Why it matters
    Both files are needed, and both must be YAML. Versions before go-dqlite 1.11 wrote them in place: a stop or a
    full disk at that moment left them empty or half.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`.
    ## What to do
    The database is not touched by it. Restore the file: cluster.yaml from a healthy member or from the newest raft
    configuration (id, address, role 0 for voters), info.yaml from this node's id and address. Keep the broken one.
    ## References
    https://github.com/canonical/go-dqlite/issues/145; https://github.com/canonical/microk8s/issues/2730
    """
    yield from findings_of(case, CODES, _describe)


def _describe(line: JournalLine) -> str:
    names = ("info.yaml", "cluster.yaml", "daemon.yaml")
    name = next(
        (name for name in names if name in line.text), "daemon.yaml" if "daemon" in line.text else "cluster.yaml"
    )
    if line.code == "yaml-inconsistent":
        return "only one of info.yaml and cluster.yaml is there"
    return f"{name} is empty, malformed or missing"
