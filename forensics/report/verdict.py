"""The verdict in one sentence: what the findings, the forecasts and the evidence amount to (CONTRACT, "verdict.level").

Works on the document's own parts, so that a stored report can be judged again when its findings were suppressed.
"""

from __future__ import annotations

from collections.abc import Iterable

from forensics.report.document import Document

LEVELS = ("broken", "degraded", "unknown", "attention", "healthy")  # worst first, for the case as a whole


def verdict_of_cluster(cluster: Document, findings: Iterable[Document], missing: Iterable[Document]) -> Document:
    """Level and summary of one database.

    Args:
        cluster: its part of the document.
        findings: of the whole case; those of other databases are passed over.
        missing: why the analysis is incomplete; as findings.
    """
    database = cluster["database"]
    own = [finding for finding in findings if _concerns(finding, cluster)]
    gaps = [reason for reason in missing if reason["database"] in (None, database)]
    level, why = _level(cluster, own, gaps)
    told = ", from names only" if {node["evidence"] for node in cluster["nodes"]} == {"listing"} else ""
    return {"level": level, "summary": f"{_name(cluster)} {_VERBS[level]}{told}{f': {why}' if why else ''}."}


def verdict_of_case(clusters: list[Document], findings: list[Document], missing: list[Document]) -> Document:
    """The worst of the databases' verdicts, the others named after it."""
    if not clusters:
        told = next((f for f in findings if f["effect"] not in ("none", None)), None)
        if told is None:
            return {"level": "unknown", "summary": "No dqlite state was found in the input."}
        sentence = f"No state directory arrived, but a log says: {_sentence(told['message'])}."
        return {"level": _BY_EFFECT[told["effect"]], "summary": sentence}
    ordered = sorted(clusters, key=lambda cluster: LEVELS.index(cluster["verdict"]["level"]))
    level, summary = ordered[0]["verdict"]["level"], ordered[0]["verdict"]["summary"].removesuffix(".")
    others = [f"{_name(cluster)} {_VERBS[cluster['verdict']['level']]}" for cluster in ordered[1:]]
    everywhere = next((f for f in findings if f["database"] is None and f["effect"] not in ("none", None)), None)
    if everywhere and _outweighs(everywhere, level, first=everywhere is findings[0]):
        level, others = _BY_EFFECT[everywhere["effect"]], [summary, *others]
        summary = _where(everywhere) + _sentence(everywhere["message"])
    if level == "healthy" and missing:
        level, summary = "unknown", f"{summary} as far as the evidence goes, which is incomplete"
    return {"level": level, "summary": "; ".join([summary, *others]) + "."}


def judge_again(document: Document) -> Document:
    """The document with its verdicts made anew from its own findings, after some were set aside."""
    findings, missing = document["findings"], document["missing"]
    clusters = [
        cluster | {"verdict": verdict_of_cluster(cluster, findings, missing)} for cluster in document["clusters"]
    ]
    return document | {"clusters": clusters, "verdict": verdict_of_case(clusters, findings, missing)}


def _outweighs(finding: Document, level: str, *, first: bool) -> bool:
    """A finding about no database says more than they do: it is worse, or as bad and the worst of all findings."""
    own, theirs = LEVELS.index(_BY_EFFECT[finding["effect"]]), LEVELS.index(level)
    return own < theirs or (own == theirs and first)


_VERBS = {
    "broken": "is broken",
    "degraded": "is degraded",
    "attention": "needs attention",
    "healthy": "is healthy",
    "unknown": "cannot be judged",
}
_BY_EFFECT = {"broken": "broken", "node-down": "degraded", "degraded": "degraded", "attention": "attention"}


def _level(cluster: Document, findings: list[Document], gaps: list[Document]) -> tuple[str, str]:
    """The level and its reason, worst question first."""
    if broken := _first(findings, "broken"):
        return "broken", broken
    down = _nodes_down(cluster, findings)
    if down and (sentence := _no_majority(cluster, down)):
        return "broken", sentence
    if loss := _loss_of_committed(cluster):
        return "broken", loss
    if down:
        return "degraded", _down_sentence(cluster, down)
    for effect in ("degraded", "attention"):
        if why := _first(findings, effect):
            return effect, why
    if gaps:
        return "unknown", _gap_sentence(cluster, gaps)
    if minor := next((finding for finding in findings if finding["severity"] != "info"), None):
        return "attention", _where(minor) + _sentence(minor["message"])  # `healthy` is for nothing above info
    count = len(cluster["nodes"])
    whole = f"the full evidence of {count} nodes" if count > 1 else "the full evidence of its node"
    return "healthy", f"nothing wrong on {whole}"


def _first(findings: list[Document], effect: str) -> str | None:
    return next(
        (_where(finding) + _sentence(finding["message"]) for finding in findings if finding["effect"] == effect), None
    )


def _where(finding: Document) -> str:
    nodes = [name for name in finding["nodes"] if name not in finding["message"]]
    return f"{', '.join(nodes)}: " if 0 < len(nodes) <= 3 else ""


def _nodes_down(cluster: Document, findings: list[Document]) -> dict[str, str]:
    """Nodes that do not start or cannot take part, each with the reason: as rules say, and as the forecast says."""
    down: dict[str, str] = {}
    for finding in findings:
        if finding["effect"] == "node-down":
            for name in finding["nodes"]:
                down.setdefault(name, _sentence(finding["message"]))
    for node in cluster["nodes"]:
        forecast = node.get("forecast")
        if forecast and forecast["outcome"] != "starts":
            words = {"fails": "does not start", "crashes": "crashes at start", "hangs": "hangs at start"}
            what = words.get(forecast["outcome"], "does not start")
            down.setdefault(node["name"], f"{what} ({forecast['message']})" if forecast.get("message") else what)
    return down


def _no_majority(cluster: Document, down: dict[str, str]) -> str | None:
    """A sentence where the nodes that are down leave no majority of the voters; None where they do, or may do."""
    servers = (cluster.get("configuration") or {}).get("servers", [])
    voters = {member["id"] for member in servers if member["role"] == "voter"}
    names = {node["name"]: node["id"] for node in cluster["nodes"]}
    if not voters:
        all_down = set(down) >= set(names)
        return "; ".join(f"{name}: {why}" for name, why in down.items()) if all_down else None
    lost = [name for name in down if names.get(name) in voters]
    if len(voters) - len(lost) >= len(voters) // 2 + 1:
        return None
    first = f"{lost[0]}: {down[lost[0]]}"
    if len(voters) == 1:
        return first
    return f"{len(lost)} of {len(voters)} voters are down, so no majority can form ({first})"


def _loss_of_committed(cluster: Document) -> str | None:
    """A sentence where starting a node would drop committed entries that no other node at hand holds."""
    committed = (cluster.get("commitIndex") or {}).get("atLeast")
    if committed is None:
        return None
    for node in cluster["nodes"]:
        for lost in (node.get("forecast") or {}).get("lost", []):
            first, last = lost["firstIndex"], lost["lastIndex"]
            if first is None or first > committed:
                continue
            last = committed if last is None else min(last, committed)
            if not any(_keeps(other, last) for other in cluster["nodes"] if other is not node):
                return f"starting {node['name']} loses committed entries {first} to {last}, which no other node holds"
    return None


def _keeps(node: Document, index: int) -> bool:
    """The node holds that index, and would still after a start."""
    forecast = node.get("forecast")
    if forecast:
        return forecast["outcome"] == "starts" and (forecast["lastIndex"] or 0) >= index
    return bool(node["log"] and node["log"]["lastIndex"] >= index)


def _down_sentence(cluster: Document, down: dict[str, str]) -> str:
    name, why = next(iter(down.items()))
    rest = f"; {len(down) - 1} more of {len(cluster['nodes'])} nodes are down" if len(down) > 1 else ""
    servers = (cluster.get("configuration") or {}).get("servers", [])
    voters = {member["id"] for member in servers if member["role"] == "voter"}
    seen = {node["id"] for node in cluster["nodes"]} & voters
    lost = {node["id"] for node in cluster["nodes"] if node["name"] in down} & voters
    unseen = f", {len(voters - seen)} of them without evidence" if voters - seen else ""
    left = f"; {len(voters - lost)} of {len(voters)} voters remain, a majority{unseen}" if lost else ""
    return f"{name}: {why}{rest}{left}"


def _gap_sentence(cluster: Document, gaps: list[Document]) -> str:
    absent = sum(gap["kind"] == "absent" for gap in gaps)
    weak = sum(gap["kind"] == "grade" for gap in gaps)
    other = len(gaps) - absent - weak
    parts = [
        f"{absent} member{'s' * (absent > 1)} without evidence" if absent else "",
        f"{weak} of {len(cluster['nodes'])} nodes without full evidence" if weak else "",
        f"{other} member{'s' * (other > 1)} refused or cut" if other else "",
    ]
    return "nothing wrong was found, but " + ", ".join(part for part in parts if part) + _yaml_sentence(cluster)


def _yaml_sentence(cluster: Document) -> str:
    """What YAML alone can tell of the membership, where nothing tells more."""
    told = [node["clusterYaml"] for node in cluster["nodes"] if node.get("clusterYaml")]
    if cluster.get("configuration") or not told:
        return ""
    lists = {tuple(sorted((row["id"] or "", row["address"] or "", row["role"] or "") for row in rows)) for rows in told}
    if len(lists) != 1:
        return ""
    voters = sum(row["role"] == "voter" for row in told[0])
    which = "its cluster.yaml names" if len(told) == 1 else f"all {len(told)} cluster.yaml name the same"
    return f"; {which} {len(told[0])} member{'s' * (len(told[0]) > 1)}, {voters} of them voters"


def _concerns(finding: Document, cluster: Document) -> bool:
    if finding["database"] != cluster["database"]:
        return False
    names = {node["name"] for node in cluster["nodes"]}
    return not finding["nodes"] or bool(names & set(finding["nodes"]))


def _name(cluster: Document) -> str:
    return "The database" if cluster["database"] == "unknown" else str(cluster["database"])


def _sentence(message: str) -> str:
    """The message's first clause, what stands in brackets left whole: the finding itself has the rest."""
    depth = 0
    for at, character in enumerate(message):
        depth += (character == "(") - (character == ")")
        if depth <= 0 and message.startswith("; ", at):
            return message[:at].strip().removesuffix(".")
    return message.strip().removesuffix(".")
