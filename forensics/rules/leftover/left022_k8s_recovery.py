"""LEFT022: tarballs that a recovery of k8s-dqlite left."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.facts.node.recovery_tarball import read_tarball
from forensics.rules.api import Effect, Finding, Severity, rule
from forensics.rules.recovery_words import against_own_log

_NAME = re.compile(r"recovery-k8s-dqlite-(?P<when>.+)-(?P<which>pre|post)-recovery\.tar\.gz")


@rule(
    "LEFT022",
    "tarball of a k8s-dqlite recovery",
    Severity.INFO,
    scope=Node,
    products=("k8s-dqlite",),
    effect=Effect.NONE,
    fires_on=("leftover/k8s-recovery",),
    silent_on=("healthy/sosreports",),
)
def k8s_recovery(node: Node) -> Iterator[Finding]:
    """## What it checks
    `recovery-k8s-dqlite-TIME-pre-recovery.tar.gz` and `…-post-recovery.tar.gz` in `/var/snap/k8s/common`, or in the
    state directory itself.
    ## Why it matters
    `k8sd cluster-recover` ran here: the configuration was forced, on this node. The first is the state before, the
    second the state that all other control-plane nodes must get. Nothing acts on them by itself. They hold the whole
    database, but neither info.yaml nor cluster.crt and cluster.key: each node keeps its own.
    ## False alarm if
    Never; of a recovery that is long done they are a matter for the cleaning-up.
    ## What to do
    See whether the others got the second one: their logs must hold the entry of the forced configuration. Keep both
    until the cluster is well, then remove them: they hold all Secrets.
    ## References
    canonical/k8s-snap src/k8s/cmd/k8sd/k8sd_cluster_recover.go (release 1.33); FACTS 8.1
    """
    for name, file in sorted({**node.state.around, **node.state.files}.items()):
        found = _NAME.fullmatch(name)
        if found is None:
            continue
        state = "the state before" if found["which"] == "pre" else "the state that the others must get"
        tarball = read_tarball(file)
        reach = against_own_log(node, tarball) if tarball and tarball.trouble is None else ""
        if tarball is not None and tarball.trouble is not None:
            reach = f"; {tarball.trouble}"
        yield Finding(f"{name}: a forced recovery ran here at {found['when']}; {state}{reach}", (file.at,))
