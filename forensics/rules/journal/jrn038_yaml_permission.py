"""JRN038: cluster.yaml could not be read for its permissions."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("yaml-permission",)


@rule(
    "JRN038",
    "cluster.yaml could not be read for its permissions",
    Severity.LOW,
    scope=Case,
    effect=Effect.NONE,
    fires_on=("journal/yaml-permission",),
    silent_on=("journal/everyday",),
)
def yaml_permission(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `open …/cluster.yaml: permission denied`.
    ## Why it matters
    Right after it is rewritten, the file belongs to root alone until the service adjusts it: harmless once. If it
    stays so, the status command cannot work.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`.
    ## What to do
    Compare owner and mode with the other files of the directory; look whether it repeats.
    ## References
    https://github.com/canonical/microk8s/issues/3479
    """
    yield from findings_of(case, CODES, _describe)


def _describe(line: JournalLine) -> str:
    return f"{line.fields['file']} could not be read"
