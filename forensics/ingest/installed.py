"""Where only installed software lies: no service keeps state there, so what cannot be read there proves nothing.

Source: Filesystem Hierarchy Standard 3.0, 4.1 (/usr is read-only data that hosts may share; /usr/local is left out, for
people put anything there); the folders of packages of Python (the module `site`) and of Node.js.
"""

from __future__ import annotations

import re

_INSTALLED = re.compile(
    r"(?:.*/)?(?:usr/(?:bin|games|include|lib|lib32|lib64|libexec|sbin|share|src)|(?:site|dist)-packages|node_modules)/.+"
)


def is_installed(path: str) -> bool:
    """A path below such a folder, of whatever machine; also inside of an archive there."""
    return _INSTALLED.match(path) is not None
