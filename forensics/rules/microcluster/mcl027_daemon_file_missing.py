"""MCL027: a member's database without daemon.yaml: the daemon comes up as if it had never been initialised."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.ingest.roles import FileRole
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule


@rule(
    "MCL027",
    "daemon.yaml is missing: the daemon starts uninitialised",
    Severity.HIGH,
    scope=Node,
    needs=(Needs.MICROCLUSTER, Needs.INFO),
    effect=Effect.NODE_DOWN,
    fires_on=("microcluster/no-daemon-file",),
    silent_on=("healthy/k8sd",),
)
def daemon_file_missing(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    database/info.yaml is there, and so are files of the state directory around it (a truststore, certificates), but no
    daemon.yaml.
    ## Why it matters
    The daemon looks for both names. Without daemon.yaml it says `microcluster daemon config is missing`, and comes up
    without its database, as a host that is in no cluster. Whoever bootstraps or joins it then makes a second identity.
    ## False alarm if
    In a copy of single files. Collectors that take only some files (`k8s inspect`) leave this unchecked.
    ## What to do
    Write daemon.yaml anew: `name` as in the truststore, `address` as in database/info.yaml, `servers: {}`; mode 0644.
    Do not bootstrap, do not join.
    ## References
    canonical/microcluster internal/daemon/daemon.go (reloadIfBootstrapped), internal/config/daemon.go; FACTS 8.1
    """
    if node.microcluster is None or node.microcluster.daemon_file is not None or node.info is None:
        return
    roles = (FileRole.TRUSTSTORE, FileRole.CERTIFICATE)
    around = [file for file in node.state.around.values() if file.role in roles]
    own = node.state.files.get("info.yaml")
    if node.state.collection is not None and not any(file.listed for file in around):
        yield NotChecked(f"{node.state.collection.collector.title} copies only some of the files")
    elif around and own is not None:
        yield Finding("database/info.yaml is there, and no daemon.yaml", (own.at, around[0].at))
