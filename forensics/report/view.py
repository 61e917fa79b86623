"""What renderers ask of the document besides its own words: counts, comparisons, groups. Nothing new is found here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from forensics.report.document import Document
from forensics.report.gate import SEVERITIES

NODE_HEADS = (
    "node",
    "evidence",
    "role",
    "id",
    "address",
    "term",
    "log",
    "last term",
    "snapshot",
    "at next start",
    "findings",
)
"""Columns of the table of nodes, in Markdown and on the terminal."""
_FULL_PERCENT = 90


def findings_of(report: Document, cluster: Document, node: Document) -> list[Document]:
    """The findings that name a node, worst first."""
    return [
        finding
        for finding in report["findings"]
        if finding["database"] == cluster["database"] and node["name"] in finding["nodes"]
    ]


def tally(findings: Iterable[Document]) -> list[tuple[str, int]]:
    """(severity, how many), worst first, without the zeros."""
    words = [finding["severity"] for finding in findings]
    return [(severity, words.count(severity)) for severity in SEVERITIES if severity in words]


def role_words(node: Document) -> str | None:
    """The role; where no raft configuration tells it, what the node's own cluster.yaml says."""
    if node["role"]:
        return str(node["role"])
    own = _own(node["clusterYaml"] or [], node)
    return f"{own['role']} (cluster.yaml)" if own and own["role"] else None


def identity_of(cluster: Document, node: Document) -> dict[str, dict[str, Any]]:
    """Who the node is as each source tells it: source → `{there, record, differs, same}`.

    `there`: the source itself is in the evidence. `differs` names the fields that contradict the raft configuration;
    roles never count: info.yaml's is written once, cluster.yaml lags (FACTS 6).
    """
    servers = node["configuration"] or (cluster["configuration"] or {}).get("servers", [])
    truth = _own(servers, node)
    rows = {
        "info.yaml": (node["infoYaml"] is not None, node["infoYaml"]),
        "cluster.yaml": (node["clusterYaml"] is not None, _own(node["clusterYaml"] or [], node)),
    }
    return {
        source: {
            "there": there,
            "record": record,
            "differs": _differs(record, truth),
            "same": record is not None and truth is not None and not _differs(record, truth),
        }
        for source, (there, record) in rows.items()
    } | {"raft configuration": {"there": bool(servers), "record": truth, "differs": [], "same": False}}


def checks_by_answer(report: Document) -> dict[str, list[Any]]:
    """Answers as a reader wants them: what failed one by one, what was not checked by its reason, passes by rule."""
    groups: dict[str, list[Any]] = {"broken": [], "fail": [], "not-checked": [], "pass": []}
    reasons: dict[str, dict[tuple[str, str | None], dict[str, Any]]] = {}
    passes: dict[str, dict[str, Any]] = {}
    for check in report["checks"]:
        verdict = check["verdict"]
        if verdict in ("broken", "fail"):
            groups[verdict].append(check)
        elif verdict == "not-checked":
            rules = reasons.setdefault(check["reason"] or "no reason was given", {})
            row = rules.setdefault((check["rule"], check["database"]), check | {"nodes": []})
            row["nodes"].extend(check["nodes"])
        else:
            row = passes.setdefault(check["rule"], {"rule": check["rule"], "title": check["title"], "where": []})
            where = check["database"] or "the case"
            row["where"] += [] if where in row["where"] else [where]
    groups["not-checked"] = sorted(
        ((reason, list(rules.values())) for reason, rules in reasons.items()), key=lambda pair: -len(pair[1])
    )
    groups["pass"] = list(passes.values())
    return groups


def texts_by_node(report: Document) -> list[dict[str, Any]]:
    """The YAML texts of each node, in the order of the document."""
    groups: dict[tuple[str | None, str], dict[str, Any]] = {}
    for text in report["texts"]:
        key = (text.get("database"), text["node"])
        groups.setdefault(key, {"database": key[0], "node": key[1], "texts": []})["texts"].append(text)
    return list(groups.values())


def check_counts(report: Document) -> list[tuple[str, int]]:
    """(verdict, how many answers), the alarming ones first."""
    words = [check["verdict"] for check in report["checks"]]
    return [
        (verdict, words.count(verdict)) for verdict in ("broken", "fail", "not-checked", "pass") if verdict in words
    ]


def forecast_words(node: Document) -> str:
    """One line of what dqlite would do, or a dash."""
    forecast = node["forecast"]
    if not forecast:
        return "-"
    if forecast["outcome"] != "starts":
        words = {"fails": "does not start", "crashes": "crashes", "hangs": "hangs"}.get(forecast["outcome"], "?")
        return f"{words}: {forecast['message']}" if forecast.get("message") else words
    lost = sum(1 for _ in forecast.get("lost", []))
    changed = len(forecast.get("changes", []))
    extra = [
        f"{lost} stretch{'es' * (lost > 1)} of entries lost" if lost else "",
        f"{changed} file changes" if changed else "",
    ]
    return ", ".join(["starts", *(part for part in extra if part)])


def recovery_words(recovery: Document) -> str:
    """From which node, if it must be; what to settle before; and what following the official pages would cost."""
    node = recovery["node"]
    obstacle = next((row.get("obstacle") for row in recovery["ranking"] if row["node"] == node), None)
    why = f": {recovery['why']}" if recovery["why"] else ""
    if obstacle:
        return f"no node can be recovered from as it is; nearest: {node}{why}"
    if recovery.get("undecided"):
        others = ", ".join(recovery["undecided"])
        return f"not decided by what arrived ({others} may hold more); so far the furthest: {node}{why}"
    stops = [check["what"] for check in recovery.get("checks") or () if check["state"] == "stop"]
    first = f"settle first: {'; '.join(stops)}; then " if stops else ""
    return f"{first}recover from {node}{why}{_trap(recovery)}"


def _trap(recovery: Document) -> str:
    official = recovery.get("official") or {}
    if not official.get("trap"):
        return ""
    losses = [loss for loss in recovery.get("losses") or () if loss["node"] in official["nodes"]]
    costs = "; ".join(f"{loss['node']} lacks {loss['amount']}" for loss in losses)
    return f". The official pages' rule picks {', '.join(official['nodes'])}: do not follow it, {costs}"


def size_words(size: int | None) -> str:
    """Bytes for people: `8 MiB`, `80 B`."""
    if size is None:
        return "-"
    amount, unit = float(size), "B"
    for unit in ("B", "KiB", "MiB", "GiB"):
        if amount < 1024 or unit == "GiB":
            break
        amount /= 1024
    return f"{amount:.0f} {unit}" if amount >= 100 or amount == int(amount) else f"{amount:.1f} {unit}"


def hex_rows(evidence: Document, width: int = 16) -> list[tuple[str, str]]:
    """(offset in hex, up to 16 bytes) of an excerpt."""
    cells = (evidence.get("hex") or "").split()
    return [
        (f"{evidence['offset'] + position:08x}", " ".join(cells[position : position + width]))
        for position in range(0, len(cells), width)
    ]


def _own(records: Iterable[Document], node: Document) -> Document | None:
    """The node's record: by its id, else by its address."""
    rows = list(records)
    by_id = next((record for record in rows if node["id"] is not None and record["id"] == node["id"]), None)
    by_address = (record for record in rows if node["address"] is not None and record["address"] == node["address"])
    return by_id or next(by_address, None)


def _differs(record: Document | None, truth: Document | None) -> list[str]:
    if record is None or truth is None:
        return []
    return [field for field in ("id", "address") if record[field] != truth[field]]


def machines(document: Document) -> list[Document]:
    """The machines that a collector told of, or that say who they are."""
    return [host for host in document["hosts"] if host["name"] or host["collected"] or host["snaps"]]


def machine_words(host: Document) -> str:
    """What a collector told of its machine: which tool, when, by which clock, versions, full disks.

    `sosreport of 2026-11-25 20:21:20 UTC (its clock: EST, UTC-05:00), k8s v1.32.9 (4567), /var 99 % full`
    """
    words = "cleaned " * host["cleaned"] + host["collector"]
    if host["collected"]:
        day = (host["collectedBy"] or "").endswith("(day only)")
        words += f" of {host['collected'][:10]}" if day else f" of {host['collected'][:19].replace('T', ' ')}"
        words += f" {_zone_words(host)}" * (not day)
    told = [f"{name} {version}" for name, version in host["snaps"].items()]
    told += [f"{d['mount']} {d['usedPercent']} % full" for d in host["disks"] if d["usedPercent"] >= _FULL_PERCENT]
    return ", ".join([words, *told])


def _zone_words(host: Document) -> str:
    offset = host["utcOffset"]
    if offset is None:
        zone = f": {host['zone']}" if host["zone"] else ""
        return f"by its own clock{zone}" if "file time" not in (host["collectedBy"] or "") else "UTC"
    if offset == 0:
        return "UTC"
    shift = f"UTC{'-' if offset < 0 else '+'}{abs(offset) // 3600:02}:{abs(offset) % 3600 // 60:02}"
    return f"UTC (its clock: {', '.join(filter(None, (host['zone'], shift)))})"


def gap_subject(document: Document, gap: Document) -> str:
    """What is missing of the evidence, with its database where there are several: a host has one node in each."""
    several = len(document["clusters"]) > 1 and gap["database"]
    return f"{gap['subject']} ({gap['database']})" if several else str(gap["subject"])
