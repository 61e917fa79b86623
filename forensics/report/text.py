"""The report as a terminal summary that stands on its own."""

from __future__ import annotations

from forensics.report.document import Document


def render_text(document: Document) -> str:
    """Verdict, nodes, findings."""
    lines = [f"{document['verdict']['level'].upper()}: {document['verdict']['summary']}", ""]
    for cluster in document["clusters"]:
        lines.append(f"{cluster['database']} ({len(cluster['nodes'])} nodes)")
        lines += [f"  {_node(node)}" for node in cluster["nodes"]]
    lines.append("")
    for finding in document["findings"]:
        lines.append(f"{finding['severity'].upper():9} {finding['rule']} {finding['message']}")
    return "\n".join(lines).rstrip() + "\n"


def _node(node: Document) -> str:
    log = node["log"]
    span = f"log {log['firstIndex']}-{log['lastIndex']} term {log['lastTerm']}" if log else "no log"
    return f"{node['name']:20} {node['evidence']:8} {node['role'] or '-':8} {span}"
