"""The machines that collectors told of."""

from __future__ import annotations

from datetime import UTC, datetime

from forensics.facts.machine.host import Host
from forensics.report.document import Document
from forensics.report.parts.context import Context

_SNAPS = ("k8s", "microk8s", "lxd", "microceph", "microovn", "microcloud", "openstack", "juju", "incus")


def build_hosts(context: Context) -> list[Document]:
    """One a collection, with what it tells of its machine; files copied by hand only where they tell anything."""
    return [_host(context, host) for host in context.case.hosts if not host.by_hand or host.disks or host.journals]


def _host(context: Context, host: Host) -> Document:
    collected = datetime.fromtimestamp(host.collected, UTC).isoformat() if host.collected is not None else None
    return {
        "name": host.name,
        "collector": host.collector,
        "root": host.root,
        "collected": collected,
        "collectedBy": host.collected_by or None,
        "utcOffset": None if host.utc_offset is None else int(host.utc_offset),
        "zone": host.zone or None,
        "cleaned": host.cleaned,
        "nodes": sorted({node.name for node in context.case.nodes_of(host)}),
        "addresses": [] if host.cleaned else sorted(host.addresses),
        "snaps": {name: host.snaps[name] for name in _SNAPS if name in host.snaps},
        "disks": [
            {"mount": disk.mount, "usedPercent": disk.used_percent, "available": disk.available}
            for disk in host.disks
            if not disk.inodes
        ],
        "restarts": {unit: count for unit, (count, _) in sorted(host.restarts.items())},
        "journals": [
            {"path": journal.path, "unit": journal.unit or None, "messages": dict(sorted(journal.counts.items()))}
            for journal in host.journals
            if journal.counts
        ],
    }
