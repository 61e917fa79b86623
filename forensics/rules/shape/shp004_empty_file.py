"""SHP004: a file that must hold something is empty."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.ingest.files import Kind
from forensics.ingest.roles import FileRole
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule

_ROLES = (
    FileRole.INFO,
    FileRole.CLUSTER,
    FileRole.INIT,
    FileRole.UPDATE,
)
_HINTS = {
    FileRole.CLUSTER: ": restore it from a healthy member or from the raft configuration",
    FileRole.INFO: ": restore this node's id, address and role",
}


@rule(
    "SHP004",
    "a file that must hold something is empty",
    Severity.HIGH,
    scope=Node,
    effect=Effect.NODE_DOWN,
    fires_on=("shape/empty-cluster-yaml",),
    silent_on=("shape/election-storm",),
)
def empty_file(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Files of zero bytes in a listing: info.yaml, cluster.yaml, init.yaml, update.yaml. (Where the content arrived,
    other rules judge it.)
    ## Why it matters
    Older versions wrote these files in place: a full disk or an unclean stop at that moment left them empty. The
    node then does not start, or cannot talk to the others; the database itself is usually whole.
    ## False alarm if
    Never for these names: none of them may be empty.
    ## What to do
    Restore the file, the database needs nothing: cluster.yaml from another member or the raft configuration (id,
    address, role), info.yaml from this node's id and address, truststore entries from another member, certificates
    from a backup. Look at the time of the empty files: what happened then?
    ## References
    https://github.com/canonical/go-dqlite/issues/145; https://github.com/canonical/microk8s/issues/2531;
    https://github.com/canonical/microceph/issues/188
    """
    files = {**node.state.files, **node.state.around}
    listed = [file for file in files.values() if file.listed and file.role in _ROLES and file.kind is Kind.FILE]
    if not listed:
        yield NotChecked("no listing of these files")
    for file in listed:
        if file.size_max == 0:
            yield Finding(f"{file.name} is empty (0 bytes){_HINTS.get(file.role, '')}", (file.at,))
