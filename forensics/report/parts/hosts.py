"""The machines that collectors told of."""

from __future__ import annotations

from datetime import UTC, datetime

from forensics.facts.machine.host import Host
from forensics.facts.machine.words import clock_words
from forensics.report import document as doc
from forensics.report.parts.context import Context

_SNAPS = ("k8s", "microk8s", "lxd", "microceph", "microovn", "microcloud", "openstack", "juju", "incus")


def build_hosts(context: Context) -> tuple[doc.Host, ...]:
    """One a collection, with what it tells of its machine; files copied by hand only where they tell anything."""
    told = (host for host in context.case.hosts if not host.by_hand or host.disks or host.journals)
    return tuple(_host(context, host) for host in told)


def _host(context: Context, host: Host) -> doc.Host:
    collected = datetime.fromtimestamp(host.collected, UTC).isoformat() if host.collected is not None else None
    return doc.Host(
        name=host.name,
        collector=host.collector,
        root=host.root,
        collected=collected,
        collected_by=clock_words(host.collected_by) if host.collected_by else None,
        clock=host.collected_by,
        utc_offset=None if host.utc_offset is None else int(host.utc_offset),
        zone=host.zone or None,
        cleaned=host.cleaned,
        nodes=tuple(sorted({node.name for node in context.case.nodes_of(host)})),
        addresses=() if host.cleaned else tuple(sorted(host.addresses)),
        snaps={name: host.snaps[name] for name in _SNAPS if name in host.snaps},
        disks=tuple(
            doc.Disk(mount=disk.mount, used_percent=disk.used_percent, available=disk.available)
            for disk in host.disks
            if not disk.inodes
        ),
        restarts={unit: count for unit, (count, _) in sorted(host.restarts.items())},
        journals=tuple(
            doc.Journal(path=journal.path, unit=journal.unit or None, messages=dict(sorted(journal.counts.items())))
            for journal in host.journals
            if journal.counts
        ),
    )
