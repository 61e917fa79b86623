"""The line that a program writes first at each start, with its own name in it: where it comes again, it restarted.

Told by its form: `Starting NAME`, `NAME VERSION is starting`, with nothing behind it but a version, a mode and the
like. So `Starting k3s.cattle.io/v1, Kind=Addon controller` is none, nor what was not started. systemd says so, too, of
units that tell it themselves when they are up, and that never were.

Sources: canonical/k8s-dqlite cmd; canonical/lxd lxd/daemon.go and lxc/incus daemon.go (`LXD is starting`, `LXD 3.18
is starting in normal mode`); k3s-io/k3s pkg/cli/server (`Starting k3s v1.18.8+k3s1`); juju/juju cmd (`running jujud
[2.9`).
"""

from __future__ import annotations

from forensics.parsers.messages.message import BEGINS, Message, message

PROGRAM_STARTED = "program-started"

_NAME = (
    r"(?:snap\.)?(?:[\w-]{0,40}(?:dqlite|cowsql)[\w-]{0,40}|k8sd|kubelite|k3s|kine|lxd|incusd?"
    r"|micro(?:ceph|ovn|cloud|k8s)d?|jujud)(?:\.[\w-]{1,40}){0,2}"
)
_KIND = r"(?:,? (?:server|daemon|agent|node|application|app|service|process))?"
_VERSION = r"(?:[ ,(\[]{1,3}(?:version\W{0,3})?v?\d[^\s\"]{0,60})?"
_ENDS = r"(?=[\"'`]|\\|\.{0,3}\s*$| [(\[]| - |[ ,]+(?:in \w+ mode|version\b|with\b|on\b|at\b|for\b|as\b|\w+=)|  )"

MESSAGES: tuple[Message, ...] = (
    message(
        PROGRAM_STARTED,
        rf"{BEGINS}(?:starting|started|running|launching) (?:the )?(?P<program>{_NAME}){_KIND}{_VERSION}{_ENDS}"
        rf"|{BEGINS}(?P<program2>{_NAME}){_KIND}{_VERSION} (?:is )?(?:starting|started|booting)(?: up)?{_ENDS}",
        *("tarting", "tarted", "unning jujud", "aunching", "ooting"),
    ),
)
