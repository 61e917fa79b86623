"""SHP011: files that the listing names are missing from the copy."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.ingest.roles import RAFT_ROLES
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule


@rule(
    "SHP011",
    "files that the listing names are missing from the copy",
    Severity.LOW,
    scope=Node,
    effect=Effect.ATTENTION,
    fires_on=("shape/copy-differs",),
    silent_on=("shape/copy-and-listing",),
)
def copy_differs(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Where both a copy and a listing of one directory arrived: raft files that only the listing shows, and copies of
    another size.
    ## Why it matters
    The copy is not all that was there: what is missing may be what matters. A copy that is shorter than the listing
    says was cut on its way.
    ## False alarm if
    A node that ran while it was copied renames and deletes files between the two.
    ## What to do
    Ask for the missing files.
    ## References
    FACTS 10.2
    """
    told = {name: file for name, file in node.state.listed.items() if file.role in RAFT_ROLES}
    copied = {name: file for name, file in node.state.files.items() if not file.listed and file.role in RAFT_ROLES}
    if not told or not copied:
        yield NotChecked("there is no listing beside a copy")
        return
    missing = [file for name, file in sorted(told.items()) if name not in copied]
    if missing:
        names = ", ".join(file.name for file in missing[:5]) + (", …" if len(missing) > 5 else "")
        yield Finding(f"{len(missing)} files of the listing are not in the copy: {names}", (missing[0].at,))
    for name, file in sorted(copied.items()):
        if name in told and told[name].sized and file.size_max < told[name].size_min:
            yield Finding(f"{name} has {file.size_max} bytes here, {told[name].size_min} in the listing", (file.at,))
