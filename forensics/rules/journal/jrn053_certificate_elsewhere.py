"""JRN053: a certificate was refused, but not dqlite's."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause({"certificate-refused-elsewhere": "a TLS certificate was refused, and not by dqlite"})


@log_rule(
    "JRN053",
    "a certificate was refused, but not dqlite's",
    Severity.LOW,
    fault=FaultKind.CERTIFICATE,
    effect=Effect.NONE,
    fires_on=("journal/certificate-elsewhere",),
)
def certificate_elsewhere(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    x509 and TLS errors that the API server, the kubelet or containerd log, without a word of dqlite.
    ## Why it matters
    Webhooks, registries, metrics and browsers have certificates of their own, which do not stop the datastore. An
    expired certificate of the Kubernetes cluster does stop the API server. The certificates of dqlite are judged by
    JRN032, and by their files.
    ## What to do
    Read which name or date the message gives, and compare it with the certificate that the API server has on disk.
    ## References
    https://github.com/canonical/microk8s/issues/5383
    """
    return findings_of(case, CAUSE)
