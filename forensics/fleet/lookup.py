"""One case of a store, by its name."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.errors import UsageError
from forensics.fleet.questions import Questions

_NAMED = (
    "SELECT name, key, state, paths, collected FROM cases WHERE name = ? OR ends_with(name, ?) ORDER BY name <> ?, name"
)
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Found:
    """A case: its name, the key of its report, how it ended, its inputs' paths, the moment it was judged at."""

    name: str
    key: str | None
    state: str
    paths: tuple[str, ...]
    collected: str | None

    def report_key(self) -> str:
        """The key of its report. Raises UsageError where it has none."""
        if self.state != "ok" or self.key is None:
            raise UsageError(f"{self.name} has no report: it ended as {self.state} (`fleet status` says why)")
        return self.key


def case_named(questions: Questions, name: str) -> Found:
    """The case of that name, or the only one whose name ends with it. Raises UsageError where there is none."""
    rows = questions.rows(_NAMED, (name, f"/{name}", name))
    found = [Found(case, key, state, tuple(paths), collected) for case, key, state, paths, collected in rows]
    if not found:
        raise UsageError(f"no case of the store is called {name}")
    if found[0].name != name and len(found) > 1:
        names = ", ".join(one.name for one in found[:_SHOWN])
        raise UsageError(f"{len(found)} cases are called {name}: {names}")
    return found[0]
