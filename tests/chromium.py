"""Debian's Chromium, driven by Playwright: one page, opened from disk. What it asks for and complains about is kept."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Page, Request, sync_playwright

from tests.tools import tool

_WAIT_MS = 30_000
_BARRIERS = Path(__file__).parent / "browser" / "barriers.js"


class Chromium:
    """One browser with one page."""

    def __init__(self) -> None:
        self._playwright = sync_playwright().start()
        program = tool("chromium", "chromium-browser", "google-chrome")
        self._browser = self._playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])  # CI is root
        self.page: Page = self._browser.new_page(viewport={"width": 1280, "height": 900})
        self.page.set_default_timeout(_WAIT_MS)
        self.session = self.page.context.new_cdp_session(self.page)
        self._asked: list[str] = []
        self._said: list[str] = []
        self._tried: set[str] = set()
        self.page.on("request", self._ask)
        self.page.on("console", self._say)
        self.page.on("pageerror", lambda error: self._said.append(str(error)))

    def __enter__(self) -> Chromium:
        return self

    def __exit__(self, *_: object) -> None:
        self._browser.close()
        self._playwright.stop()

    def _ask(self, request: Request) -> None:
        self._asked.append(request.url)

    def _say(self, message: ConsoleMessage) -> None:
        self._said.append(message.text)

    def open(
        self, path: Path, *, scheme: str = "light", width: int = 1280, height: int = 900, anchor: str = ""
    ) -> None:
        """Show a file, as a double click would, and wait until it is loaded."""
        self.page.goto("about:blank")
        self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        self.page.set_viewport_size({"width": width, "height": height})
        self._asked.clear()
        self._said.clear()
        self.page.goto(path.resolve().as_uri() + anchor)

    def value(self, expression: str) -> Any:
        """What an expression gives in the page."""
        return self.page.evaluate(expression)

    def press(self, key: str) -> None:
        """One key, down and up."""
        self.page.keyboard.press(key)

    def screenshot(self, *, whole: bool = False) -> bytes:
        """A PNG of what is seen, or of the whole page."""
        return self.page.screenshot(full_page=whole)

    def pdf(self) -> bytes:
        """The page as it would be printed."""
        return self.page.pdf(print_background=True)

    def resize(self, width: int, *, scheme: str = "light") -> None:
        """The same page in another window."""
        self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        self.page.set_viewport_size({"width": width, "height": 900})

    def scripts(self, *, run: bool) -> None:
        """Whether pages may run scripts."""
        self.session.send("Emulation.setScriptExecutionDisabled", {"value": not run})

    def requests(self) -> list[str]:
        """Everything that the page asked for since it was opened."""
        return list(self._asked)

    def complaints(self) -> list[str]:
        """Console messages (policy violations too) and uncaught exceptions since it was opened."""
        return list(self._said)

    def barriers(self, *, rules: bool = True) -> list[str]:
        """What axe-core calls serious or critical as the page is shown now, and what is wider than it.

        What is built and looks like something on an earlier page of this browser is not tried again: barriers.js.

        Args:
            rules: whether all rules are tried; else only contrast and width.
        """
        self.session.send("Runtime.evaluate", {"expression": _axe()})
        got = self.session.send(
            "Runtime.evaluate",
            {
                "expression": f"({_BARRIERS.read_text('utf-8')})(...{json.dumps([sorted(self._tried), rules])})",
                "awaitPromise": True,
                "returnByValue": True,
            },
        )
        if "exceptionDetails" in got:
            raise RuntimeError(got["exceptionDetails"]["exception"]["description"])
        told = got["result"]["value"]
        self._tried.update(told["tried"])
        return [str(one) for one in told["found"]]


@cache
def _axe() -> str:
    """Its source, but where the page has it already."""
    source = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    return f"if (!window.axe) {{ {source} }}"
