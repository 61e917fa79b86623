"""SHP004: a file that must hold something is empty."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.ingest.files import Kind
from forensics.ingest.roles import FileRole
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.unusable_file import EmptyFile

_ROLES = (
    FileRole.INFO,
    FileRole.CLUSTER,
    FileRole.INIT,
    FileRole.UPDATE,
)


@rule(
    "SHP004",
    "file that must hold something is empty",
    Severity.HIGH,
    fault=FaultKind.IDENTITY_FILES,
    scope=Node,
    effect=Effect.NODE_DOWN,
    fires_on=("shape/empty-cluster-yaml",),
    silent_on=("shape/election-storm",),
)
def empty_file(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    None of info.yaml, cluster.yaml, init.yaml and update.yaml has zero bytes in a listing. Where their content arrived,
    other rules judge it.
    ## Why it matters
    Older versions wrote these files in place: a full disk or an unclean stop at that moment left them empty. The node
    then does not start, or cannot talk to the others. The database itself is usually intact.
    ## False alarm if
    Never, as far as is known: none of these files may be empty.
    ## What to do
    Restore the file; the database needs nothing. cluster.yaml comes from another member or from the raft configuration
    (ID, address, role), info.yaml is made of this node's ID and address. Find out what happened at the time of the
    empty file.
    ## References
    https://github.com/canonical/go-dqlite/issues/145; https://github.com/canonical/microk8s/issues/2531;
    https://github.com/canonical/microceph/issues/188
    """
    files = {**node.state.files, **node.state.around}
    listed = [file for file in files.values() if file.listed and file.role in _ROLES and file.kind is Kind.FILE]
    if not listed:
        yield NotChecked("there is no listing of these files in the upload", "missing-listing")
    for file in listed:
        if file.size_max == 0:
            yield Finding(EmptyFile(file.name), (file.at,), where=(file.name,))
