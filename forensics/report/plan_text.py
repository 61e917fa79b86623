"""The recovery plan for a terminal: a function of the document, as every rendering."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from forensics.report.document import Document

_WIDTH = 110
_MARKS = {"ok": "ok  ", "look": "look", "stop": "STOP"}


def render_plans(plans: list[Document]) -> str:
    """Every cluster's plan, whole."""
    lines: list[str] = []
    for cluster in plans:
        lines += _cluster(cluster)
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _cluster(cluster: Document) -> Iterator[str]:
    plan = cluster["recovery"]
    yield f"{cluster['name']}: {cluster['product']}"
    if plan is None:
        yield "  No log and no snapshot is at hand: nothing can be planned. Collect the state directories of all nodes."
        return
    if plan["instead"]:
        yield ""
        yield from _wrapped(plan["instead"], "  ")
    yield ""
    obstacle = next((row["obstacle"] for row in plan["ranking"] if row["node"] == plan["node"]), "")
    yield (
        f"  NO NODE CAN BE RECOVERED FROM AS IT IS; nearest: {plan['node']}"
        if obstacle
        else f"  RECOVER FROM {plan['node']}"
    )
    yield from _wrapped(plan["why"] + ".", "  ")
    yield ""
    yield from _ranking(plan)
    yield from _official(plan)
    yield from _costs(plan)
    yield ""
    yield "  Before you begin"
    for check in plan["checks"]:
        yield from _wrapped(f"{_MARKS.get(check['state'], '    ')}  {check['what']}", "    ", "          ")
    yield ""
    yield "  The members afterwards (cluster.yaml)"
    lines = plan["clusterYaml"].splitlines() or ["not known: no raft configuration is at hand"]
    yield from (f"    {line}" for line in lines)
    yield ""
    yield "  Steps (nothing here was executed)"
    for number, step in enumerate(plan["steps"], 1):
        yield from _step(number, step)


def _ranking(plan: Document) -> Iterator[str]:
    yield f"  {'rank':6}{'node':24}{'last term':>10}{'last index':>12}  role"
    for row in plan["ranking"]:
        term, index = (row[key] if row[key] is not None else "-" for key in ("lastTerm", "lastIndex"))
        obstacle = f"  ({row['obstacle']})" if row["obstacle"] else ""
        yield f"  {row['rank']:<6}{row['node']:24}{term:>10}{index:>12}  {row['role'] or '-'}{obstacle}"


def _official(plan: Document) -> Iterator[str]:
    official = plan["official"]
    if not official["trap"]:
        return
    names = ", ".join(official["nodes"])
    yield ""
    yield "  !! THE OFFICIAL PAGES PICK ANOTHER NODE"
    yield from _wrapped(
        f"They go by the highest end of a closed segment's name, {official['highestClosedEnd']}, which is on {names}. "
        "That rule knows neither terms nor open segments nor snapshots. Do not follow it here:",
        "     ",
    )
    for loss in plan["losses"]:
        if loss["node"] in official["nodes"]:
            yield from _wrapped(f"{loss['node']} {loss['words']}", "     ")


def _costs(plan: Document) -> Iterator[str]:
    yield ""
    yield "  What each choice costs"
    for loss in plan["losses"]:
        yield from _wrapped(f"{loss['node']} {loss['words']}", "    ")
    for loss in plan["ownLoss"]:
        words = loss["words"].replace("lacks", "gives up what others hold:", 1)
        yield from _wrapped(f"{plan['node']} {words}", "    ")
    if not plan["losses"] and not plan["ownLoss"]:
        yield "    every candidate holds the same"


def _step(number: int, step: Document) -> Iterator[str]:
    yield ""
    yield from _wrapped(f"{number}. {step['title']}", "    ", "       ")
    for command in step["commands"]:
        yield f"         {command}"
    if step["expect"]:
        yield from _wrapped(f"expect: {step['expect']}", "       ", "         ")
    if step["stop"]:
        yield from _wrapped(f"stop if: {step['stop']}", "       ", "         ")


def _wrapped(text: str, indent: str, following: str | None = None) -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=indent, subsequent_indent=indent if following is None else following,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
