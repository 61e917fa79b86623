"""What collectors make of machines: the reports of sos, `k8s inspect` and `microk8s inspect`.

Source: docs/reference/collectors.md.

Each takes a tree of `HOST/var/…` and gives the files that the collector would have uploaded; what it never copies
is gone. The names of its other files are real, their content is not.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from forensics.check.tree import File, Tree

DATE = "2026-11-23"  # of reports that a fixture imitates
K8S_DQLITE = "var/snap/k8s/common/var/lib/k8s-dqlite"
K8SD_DATABASE = "var/snap/k8s/common/var/lib/k8sd/state/database"
MICROK8S = "var/snap/microk8s/current/var/kubernetes/backend"
LXD = "var/snap/lxd/common/lxd/database/global"
_COPIED_BY_SOS = {
    K8S_DQLITE: ("info.yaml", "cluster.yaml"),
    K8SD_DATABASE: ("info.yaml", "cluster.yaml"),
    f"{K8SD_DATABASE.removesuffix('/database')}": ("daemon.yaml",),
    MICROK8S: ("info.yaml", "cluster.yaml", "failure-domain"),
}
_LISTED_BY_SOS = {MICROK8S: "microk8s/ls_microk8s_dqlite_dir", LXD: "lxd/ls_lxd_dqlite_dir"}


def report_name(host: str) -> str:
    """The top directory of a host's sos report."""
    return f"sosreport-{host}-{DATE}-fixture"


def sosreports(tree: Tree) -> Tree:
    """Each host's files in a report, whole: as `sos report --all-logs` or an administrator adds them."""
    return {f"{report_name(host)}/{path}": file for host, files in _hosts(tree) for path, file in _sos(host, files)}


def sosreports_by_plugins(tree: Tree) -> Tree:
    """What sos's plugins take by themselves: YAML files, and `ls -alZ` of the directory where one asks for it."""
    wrapped: Tree = {}
    for host, files in _hosts(tree):
        kept = {
            f"{directory}/{name}": files[f"{directory}/{name}"]
            for directory, names in _COPIED_BY_SOS.items()
            for name in names
            if f"{directory}/{name}" in files
        }
        for directory, command in _LISTED_BY_SOS.items():
            if listed := _below(files, directory):
                kept[f"sos_commands/{command}"] = _text(listing(listed, context=True))
        wrapped |= {f"{report_name(host)}/{path}": file for path, file in _sos(host, kept)}
    return wrapped


def k8s_inspect(tree: Tree) -> Tree:
    """`k8s inspect` up to k8s 1.35: YAML files, a listing of k8s-dqlite's directory, journals."""
    wrapped: Tree = {}
    for host, files in _hosts(tree):
        report = {"is-control-plane-node": _text(""), "k8s-version.log": _text("k8s v1.33.0 (fixture)\n")}
        for service, directory in (("k8s-dqlite", K8S_DQLITE), ("k8sd", K8SD_DATABASE)):
            held = _below(files, directory)
            report |= {
                f"k8s.{service}/{service}-{name}": held[name] for name in ("cluster.yaml", "info.yaml") if name in held
            }
            # k8sd's listing is of the directory above `state`, without the database's files
            # (docs/reference/collectors.md#k8s-inspect)
            shown = held if service == "k8s-dqlite" else _below(files, K8SD_DATABASE.removesuffix("/state/database"))
            if held:
                report[f"k8s.{service}/{service}-files.log"] = _text(listing(shown))
                report[f"k8s.{service}/journal.log"] = _text("-- No entries --\n")
        wrapped |= _inspection(tree, host, report)
    return wrapped


def microk8s_inspect(tree: Tree) -> Tree:
    """`microk8s inspect`: YAML files and `ls -lh` of the backend."""
    wrapped: Tree = {}
    for host, files in _hosts(tree):
        held = _below(files, MICROK8S)
        report = {f"dqlite/{name}": held[name] for name in ("cluster.yaml", "info.yaml") if name in held}
        report |= {"dqlite/list.out": _text(listing(held, human=True)), "sys/aio-nr": _text("0\n")}
        wrapped |= _inspection(tree, host, report)
    return wrapped


def listing(files: Tree, *, context: bool = False, human: bool = False) -> str:
    """`ls -la` of the files' own directory; with `context` `ls -alZ`, with `human` `ls -lh`, which skips dot files."""
    label = " ?" if context else ""
    names = sorted({path.partition("/")[0] for path in files})
    when = _clock(max((file.mtime for file in files.values()), default=0))
    rows = [] if human else [f"drwx------ 2 root root{label} 4096 {when} {dots}" for dots in (".", "..")]
    for name in names:
        file = files.get(name)
        if human and name.startswith("."):
            continue
        if file is None:
            rows.append(f"drwx------ 2 root root{label} {_size(4096, human=human)} {when} {name}")
        else:
            size = _size(len(file.content), human=human)
            rows.append(f"{_mode(file)} 1 root root{label} {size} {_clock(file.mtime)} {name}{_arrow(file)}")
    blocks = sum((len(file.content) + 4095) // 4096 * 4 for path, file in files.items() if "/" not in path)
    return "\n".join([f"total {_size(blocks * 1024, human=True) if human else blocks}", *rows, ""])


def _hosts(tree: Tree) -> list[tuple[str, Tree]]:
    hosts = sorted({path.partition("/")[0] for path in tree})
    return [(host, _below(tree, host)) for host in hosts]


def _below(tree: Tree, directory: str) -> Tree:
    return {path.removeprefix(f"{directory}/"): file for path, file in tree.items() if path.startswith(f"{directory}/")}


def _sos(host: str, files: Tree) -> list[tuple[str, File]]:
    own = {
        "version.txt": _text("sosreport: 4.8.2\n"),
        "sos_commands/host/hostname": _text(f"{host}\n"),
        "hostname": File(target="sos_commands/host/hostname"),
    }
    return [*files.items(), *own.items()]


def _inspection(tree: Tree, host: str, report: Tree) -> Tree:
    """One host's report lies at the top, as the tool packs it; several lie below their hosts' names."""
    top = "inspection-report" if len(_hosts(tree)) == 1 else f"{host}/inspection-report"
    collected = max((file.mtime for file in tree.values()), default=0)  # a report is no older than what it lists
    return {f"{top}/{path}": replace(file, mtime=max(file.mtime, collected)) for path, file in report.items()}


def _text(content: str) -> File:
    return File(content.encode(), 0o644)


def _mode(file: File) -> str:
    letter, mode = ("l", 0o777) if file.target else ("-", file.mode)
    return letter + "".join(flag if mode >> (8 - place) & 1 else "-" for place, flag in enumerate("rwxrwxrwx"))


def _arrow(file: File) -> str:
    return f" -> {file.target}" if file.target else ""


def _clock(seconds: int) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%b %e %H:%M")


def _size(size: int, *, human: bool) -> str:
    """Bytes, or as `ls -h` rounds them: up, with one decimal below ten."""
    units = ["", "K", "M", "G"]
    if not human or size < 1024:
        return str(size)
    power = (size.bit_length() - 1) // 10
    tenths = -(-size * 10 // 1024**power)
    return f"{tenths / 10:.1f}{units[power]}" if tenths < 100 else f"{-(-size // 1024**power)}{units[power]}"
