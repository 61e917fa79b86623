"""sos report (and the reports inside sos collect): files keep their absolute path, commands lie in sos_commands.

Source: sosreport/sos sos/report/plugins/{microk8s,kubernetes,lxd,ceph_common,microcloud,microovn,sunbeam,juju,logs}.py;
docs/reference/collectors.md#sos; docs/reference/collectors.md#plugins-of-sos;
docs/reference/collectors.md#sos-collect.
"""

from __future__ import annotations

import re

from forensics.ingest.collectors.api import Collector, Use, places

_MICROCLUSTER = (
    r"sos_commands/(?:microcloud|microovn|ceph_common)/(?:.*/)?ls_(microcloud|microovn|microceph)_dqlite_dir"
)

COLLECTOR = Collector(
    "sosreport",
    re.compile(r"(?P<root>(?:.*?/)??)sos_(?:commands|reports|logs)/.*"),
    places(
        (
            r"sos_commands/microk8s/(?:.*/)?ls_microk8s_dqlite_dir(?:\.\d+)?",
            Use.LISTING,
            "var/snap/microk8s/current/var/kubernetes/backend",
        ),
        (
            r"sos_commands/lxd/(?:.*/)?ls_lxd_dqlite_dir(?:\.\d+)?",
            Use.LISTING,
            "var/snap/lxd/common/lxd/database/global",
        ),
        (_MICROCLUSTER, Use.LISTING, r"var/snap/\1/common/state/database"),
        (
            r"sos_commands/(?:sunbeam|openstack)/(?:.*/)?ls_\w*_?dqlite_dir",
            Use.LISTING,
            "var/snap/openstack/common/state/database",
        ),
        (
            r"sos_commands/(?:kubernetes|k8s)/(?:.*/)?ls_k8s_dqlite_dir",
            Use.LISTING,
            "var/snap/k8s/common/var/lib/k8s-dqlite",
        ),
        (
            r"sos_commands/(?:kubernetes|k8s)/(?:.*/)?ls_k8sd_dqlite_dir",
            Use.LISTING,
            "var/snap/k8s/common/var/lib/k8sd/state/database",
        ),
        # Any other listing says itself what it lists (`ls -alZR …` of the juju plugin), or is none of ours.
        (r"sos_commands/(?:juju|microk8s|lxd|kubernetes|snap)/(?:.*/)?(?:ls_|find_)[^/]*", Use.LISTING),
        (r"sos_commands/logs/journalctl_[^/]*", Use.JOURNAL),
        (
            r"sos_commands/(?:microk8s|kubernetes|lxd|ceph_common|microovn|microcloud|sunbeam|juju)/(?:.*/)?journalctl_[^/]*",
            Use.JOURNAL,
        ),
        (r"var/log/(?:syslog|messages|daemon\.log)(?:\.\d+)?", Use.JOURNAL),
        (r"var/snap/lxd/common/lxd/logs/lxd\.log(?:\.\d+)?", Use.JOURNAL, "lxd"),
        (r"var/log/lxd/lxd\.log", Use.JOURNAL, "lxd"),
        (r"var/log/incus/incusd\.log", Use.JOURNAL, "incusd"),
        (r"var/log/juju/(?:machine|controller)-\d+\.log", Use.JOURNAL, "jujud"),
        (r"(?:sos_commands/(?:host|general)/)?hostname(?:_-f)?", Use.HOST, "hostname"),
        (r"(?:sos_commands/(?:date|general)/)?date", Use.HOST, "date"),
        (r"sos_commands/(?:date|general)/date_--utc", Use.HOST, "date-utc"),
        (r"sos_commands/filesys/df_-ali[^/]*", Use.HOST, "df-inodes"),
        (r"(?:sos_commands/filesys/)?df(?:_-al[^/]*)?", Use.HOST, "df"),
        (r"(?:sos_commands/networking/)?ip_(?:addr|-o_addr|-d_address|-s_-d_link)", Use.HOST, "addresses"),
        (r"sos_commands/snap/snap_list[^/]*", Use.HOST, "snaps"),
        (r"sos_commands/(?:systemd|ntp|date)/timedatectl[^/]*", Use.HOST, "timedatectl"),
        (r"sos_commands/kernel/sysctl_-a", Use.HOST, "aio"),
        (r"sos_commands/systemd/systemctl_list-units[^/]*", Use.HOST, "services"),
        (r"sos_commands/\w+/(?:.*/)?systemctl_status_[^/]*", Use.HOST, "services"),
        (r"(?:sos_commands/host/)?uptime", Use.HOST, "uptime"),
        (r"sos_reports/manifest\.json", Use.HOST, "manifest"),
        (
            r"sos_commands/(?:microk8s|lxd|ceph_common|microcloud|microovn)/(?:.*/)?openssl_x509_-in_[^/]*_-noout_-dates",
            Use.HOST,
            "certificate-dates",
        ),
        (
            r"sos_commands/lxd/(?:.*/)?(?:lxd_sql_(?:local_raft_nodes|global_nodes)|lxc_cluster_list_local)",
            Use.HOST,
            "tables",
        ),
        (
            r"sos_commands/(?:microcloud|microovn|ceph_common|sunbeam)/(?:.*/)?\w+_(?:sql_core_cluster_members|cluster_list)",
            Use.HOST,
            "tables",
        ),
    ),
)
