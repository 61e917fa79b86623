"""Everyday lines that look like trouble: of other programs, of removable drives, of limits that dqlite does not meet.

Tried before all other messages; a line that is one of these is dropped.
"""

from __future__ import annotations

from forensics.parsers.messages.message import DQLITE, Message, after, message

_OTHER = rf"(?!(?:\S*[./-])?(?:{DQLITE}|kube-apiserver))"

MESSAGES: tuple[Message, ...] = (
    message(
        "harmless",
        after("inotify|fsnotify") + r".*(?:no space left on device|too many open files)",
        "o space left on device",
        "oo many open files",
    ),
    message("harmless", r"I/O error,? (?:on )?dev(?:ice)? (?:fd|sr)\d", "I/O error"),
    message("harmless", r" (?:'|\")?/(?:snap|usr|sys|proc)/[^\s:]*: read-only file system", "ead-only file system"),
    message("harmless", r"Operation cannot be fulfilled on ", "ailed to update lock"),
    # what the kernel and systemd say of programs that carry no dqlite
    message("harmless", rf"Killed process \d+ \({_OTHER}", "Killed process"),
    message("harmless", rf"oom-kill:.*task={_OTHER}", "oom-kill:"),
    message("harmless", rf"kernel:(?: \[[\d. ]+\])? {_OTHER}\S+\[\d+\]: segfault at", "segfault at"),
    message("harmless", rf"systemd\[\d+\]: {_OTHER}\S+: .*status=(?:6/ABRT|11/SEGV)", "6/ABRT", "11/SEGV"),
    # a Go program's own nil pointer: since MicroK8s 1.22 kubelite holds no C code of dqlite
    message("harmless", r"kubelite\[\d+\]: \[signal SIG", "[signal SIG"),
)
