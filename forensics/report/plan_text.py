"""The recovery plan for a terminal: a function of the document, as every rendering.

Read at night and from the top: what to do first, what forbids to go on, from which node, at what cost, how.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

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
        yield from _wrapped(
            "No log and no snapshot is at hand: which node to recover from cannot be told. Force nothing; collect the "
            "state directories of all nodes first (`analyze` has the commands). A listing of each (`ls -la`) already "
            "ranks them.",
            "  ",
        )
        return
    if plan["instead"]:
        yield ""
        yield from _wrapped(plan["instead"], "  ")
    yield ""
    for check in _of_state(plan, "stop"):
        yield from _wrapped(f"{_MARKS['stop']}  {check['what']}", "  ", "        ")
    yield f"  {_headline(plan)}"
    obstacle = next((row["obstacle"] for row in plan["ranking"] if row["node"] == plan["node"]), None)
    why = plan["why"].removesuffix(f"; but {obstacle}")  # the line of STOP has it
    yield from _wrapped(f"{why}.", "  ")
    yield ""
    yield from _ranking(plan)
    yield from _official(plan)
    yield from _costs(plan)
    yield ""
    yield "  Before you begin"
    for state in ("look", "ok"):
        for check in _of_state(plan, state):
            yield from _wrapped(f"{_MARKS[state]}  {check['what']}", "    ", "          ")
    yield from _members(plan)
    yield ""
    yield "  Steps (nothing here was executed)"
    for number, step in enumerate(plan["steps"], 1):
        yield from _step(number, step)


def _headline(plan: Document) -> str:
    if any(row["obstacle"] for row in plan["ranking"] if row["node"] == plan["node"]):
        return f"NO NODE CAN BE RECOVERED FROM AS IT IS; nearest: {plan['node']}"
    if plan["undecided"]:
        return f"NOT DECIDED BY WHAT ARRIVED; so far the furthest: {plan['node']}"
    if plan["startFirst"]:
        return f"ONLY IF THAT CANNOT BE DONE: RECOVER FROM {plan['node']}"
    settled = "ONLY ONCE THAT IS SETTLED: " if any(_of_state(plan, "stop")) else ""
    return f"{settled}RECOVER FROM {plan['node']}"


def _of_state(plan: Document, state: str) -> Iterator[Document]:
    return (check for check in plan["checks"] if check["state"] == state)


def _ranking(plan: Document) -> Iterator[str]:
    yield f"  {'rank':6}{'node':24}{'last term':>10}{'last index':>12}  role"
    for row in plan["ranking"]:
        term, index = (row[key] if row[key] is not None else "-" for key in ("lastTerm", "lastIndex"))
        yield f"  {row['rank']:<6}{row['node']:24}{term:>10}{index:>12}  {row['role'] or '-'}"
        if row["obstacle"]:
            words = "STOP, above" if row["node"] == plan["node"] else row["obstacle"]
            yield from _wrapped(f"({words})", "        ")


def _official(plan: Document) -> Iterator[str]:
    """The loud part: the page's pick, and what it would cost."""
    official = plan["official"]
    if not official["trap"]:
        return
    names = ", ".join(official["nodes"])
    best = [row["node"] for row in plan["ranking"] if row["rank"] == 1]
    others = [name for name in official["nodes"] if name not in best]
    told = "THE TOOL'S BANNER" if official["source"].startswith("`") else "THE OFFICIAL PAGES"
    verb, verbs = ("POINTS TO", "DOES NOT TELL") if told.endswith("R") else ("PICK", "DO NOT TELL")
    equal = len(others) < len(official["nodes"])
    yield ""
    yield (
        f"  !! {told} {verbs} {', '.join(others)} FROM {plan['node']}" if equal else f"  !! {told} {verb} ANOTHER NODE"
    )
    yield from _wrapped(
        f"By the highest end of a closed segment's name, {official['highestClosedEnd']}, it is {names}: so says "
        f"{official['source']}. That rule knows neither terms nor open segments nor snapshots. Do not follow it here:",
        "     ",
    )
    losses = [loss for loss in plan["losses"] if loss["node"] in others]
    for words in _grouped(losses):
        yield from _wrapped(words, "     ")


def _costs(plan: Document) -> Iterator[str]:
    told = plan["official"]["nodes"] if plan["official"]["trap"] else []
    losses = [loss for loss in plan["losses"] if loss["node"] not in told]
    if len(plan["ranking"]) == 1 or (told and not losses and not plan["ownLoss"]):
        return
    yield ""
    yield f"  What each {'other ' if told else ''}choice costs"
    for words in _grouped(losses):
        yield from _wrapped(words, "    ")
    for loss in plan["ownLoss"]:
        words = loss["words"].replace("lacks", f"gives up what {loss['of']} holds:", 1)
        yield from _wrapped(f"{plan['node']} {words}", "    ")
    if not losses and not plan["ownLoss"]:
        yield "    every candidate holds the same"


def _grouped(losses: Iterable[Document]) -> Iterator[str]:
    """Each sentence once, with all the nodes that it is true of."""
    nodes: dict[str, list[str]] = {}
    for loss in losses:
        nodes.setdefault(loss["words"], []).append(loss["node"])
    for words, names in nodes.items():
        yield f"{', '.join(names)} {words if len(names) == 1 else words.replace('lacks', 'lack', 1)}"


def _members(plan: Document) -> Iterator[str]:
    """As the product's tool takes them; left out where it takes none."""
    lines = plan["clusterYaml"].splitlines()
    if not lines and plan["members"]:
        return
    yield ""
    yield "  The members afterwards"
    yield from (f"    {line}" for line in lines or ["not known: no raft configuration is at hand"])


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
