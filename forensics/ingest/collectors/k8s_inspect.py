"""`k8s inspect` of Canonical Kubernetes, with k8s-dqlite (to 1.35) and without.

Source: canonical/k8s-snap k8s/scripts/inspect.sh (the first version, of 2024-05, put the YAML copies at the top);
docs/reference/collectors.md#k8s-inspect.
"""

from __future__ import annotations

import re

from forensics.ingest.collectors.api import Collector, Use, places

_DQLITE = "var/snap/k8s/common/var/lib/k8s-dqlite"
_K8SD = "var/snap/k8s/common/var/lib/k8sd"

COLLECTOR = Collector(
    "k8s inspect",
    re.compile(
        r"(?P<root>(?:.*?/)??)(?:k8s\.[\w-]+/(?:journal|systemctl)\.log|k8s\.k8s(?:d|-dqlite)/.*|k8s(?:d|-dqlite)-(?:info|cluster)\.yaml"
        r"|is-(?:control-plane|worker|not-bootstrapped)-node|snap-list-k8s\.log)"
    ),
    places(
        (r"(?:k8s\.k8s-dqlite/)?k8s-dqlite-(info|cluster)\.yaml", Use.COPY, _DQLITE + r"/\1.yaml"),
        (r"(?:k8s\.k8sd/)?k8sd-(info|cluster)\.yaml", Use.COPY, _K8SD + r"/state/database/\1.yaml"),
        (r"k8s\.k8s-dqlite/k8s-dqlite-files\.log", Use.LISTING, _DQLITE),
        (r"k8s\.k8sd/k8sd-files\.log", Use.LISTING, _K8SD),
        (r"(?:snap\.)?(k8s\.[\w-]+)/journal\.log", Use.JOURNAL, r"\1"),
        (r"snap-logs-k8s\.log", Use.JOURNAL),
        (r"(?:snap\.)?k8s\.[\w-]+/systemctl\.log", Use.HOST, "services"),
        (r"nrestarts\.log", Use.HOST, "restarts"),
        (r"uname\.log", Use.HOST, "uname"),
        (r"snap-list[\w-]*\.log", Use.HOST, "snaps"),
        (r"ip-a\.log", Use.HOST, "addresses"),
        (r"sys/(?:disk_usage|df)[\w.-]*", Use.HOST, "df"),
        (r"sys/uptime[\w.-]*", Use.HOST, "uptime"),
        (r"is-(?:control-plane|worker|not-bootstrapped)-node", Use.HOST, "node-kind"),
    ),
)
