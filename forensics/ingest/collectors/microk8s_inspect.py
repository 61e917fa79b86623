"""`microk8s inspect`: YAML copies, `ls -lh` of the backend (since 2021-11), journals, system facts.

Source: canonical/microk8s scripts/inspect.sh; docs/reference/collectors.md#microk8s-inspect.
"""

from __future__ import annotations

import re

from forensics.ingest.collectors.api import Collector, Use, places

_BACKEND = "var/snap/microk8s/current/var/kubernetes/backend"

COLLECTOR = Collector(
    "microk8s inspect",
    re.compile(
        r"(?P<root>(?:.*?/)??)(?:(?:snap\.)?microk8s\.daemon-[\w-]+/.*|dqlite/list\.out|k8s/cluster-info-dump"
        # Juju keeps its state in a folder of that name, too
        r"|(?<=inspection-report/)(?:dqlite/(?:info|cluster)\.yaml|juju/debug\.log))"
    ),
    places(
        (r"dqlite/(info|cluster)\.yaml", Use.COPY, _BACKEND + r"/\1.yaml"),
        (r"dqlite/(localnode)\.yaml", Use.COPY, _BACKEND + r"/\1.yaml"),
        (r"dqlite/list\.out", Use.LISTING, _BACKEND),
        # of the strictly confined snap the folders lack `snap.`
        (r"(?:snap\.)?(microk8s\.daemon-[\w-]+)/journal\.log", Use.JOURNAL, r"\1"),
        (r"(?:snap\.)?microk8s\.daemon-[\w-]+/systemctl\.log", Use.HOST, "services"),
        (r"sys/snap-list", Use.HOST, "snaps"),
        (r"sys/disk_usage", Use.HOST, "df"),
        (r"sys/uptime", Use.HOST, "uptime"),
        (r"sys/date", Use.HOST, "date"),
        (r"sys/aio-(?:max-)?nr", Use.HOST, "aio"),
        (r"network/(?:ifconfig|ip[\w-]*)", Use.HOST, "addresses"),
    ),
)
