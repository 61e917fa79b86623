"""JRN053: a certificate was refused, but not dqlite's."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("certificate-elsewhere",)


@rule(
    "JRN053",
    "a certificate was refused, but not dqlite's",
    Severity.LOW,
    scope=Case,
    effect=Effect.NONE,
    fires_on=("journal/certificate-elsewhere",),
    silent_on=("journal/everyday",),
)
def certificate_elsewhere(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    x509 and TLS errors that the API server, the kubelet or containerd log, without a word of dqlite.
    ## Why it matters
    Webhooks, registries, metrics and browsers have certificates of their own. They do not stop the datastore; an
    expired one of the cluster itself does stop the API server.
    ## False alarm if
    The certificates of dqlite are judged by JRN032 and by the files.
    ## What to do
    Read which name or date the message gives. MicroK8s: `microk8s refresh-certs -c` shows the dates.
    ## References
    https://github.com/canonical/microk8s/issues/5383
    """
    yield from findings_of(case, CODES, _describe)


def _describe(_line: JournalLine) -> str:
    return "a TLS certificate was refused, not by dqlite"
