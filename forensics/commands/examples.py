"""Two examples of each command, which its `--help` and its man page show; and the commands by what they are for."""

from __future__ import annotations

GROUPS = {
    "judge": ("analyze", "forecast", "plan", "verify-plan", "diff"),
    "mend": ("repair", "export"),
    "look inside": ("log", "sql", "extract", "history", "timeline"),
    "show others": ("redact", "shrink"),
    "many uploads": ("fleet",),
    "collect, convert, check": ("collector", "rules", "convert", "check", "completion"),
}
EXAMPLES = {
    "analyze": (
        ("analyze node1.tar.gz node2.tar.gz node3.tar.gz -o out", "one report of all nodes of a cluster"),
        ("analyze sosreport.tar.xz --short", "the headline, for a ticket's title"),
    ),
    "forecast": (
        ("forecast out.tar.gz --node n2", "what a start of n2 would do, and destroy"),
        ("forecast out.tar.gz --dqlite 1.18", "the same by another version of dqlite"),
    ),
    "log": (
        ("log state/ --from 300 --to 400", "entries 300 to 400, decoded"),
        ("log state/ --type change --format json", "changes of the members, an object a line"),
    ),
    "sql": (
        ("sql state/ 'select count(*) from kine' --at 2048", "as it was at entry 2048"),
        ("sql state/ .cluster", "who is a member; `.leader`: who led when"),
    ),
    "extract": (
        ("extract state/ -o databases", "every database as a SQLite file"),
        ("extract state/ --at 2048 -o before", "as they were at entry 2048"),
    ),
    "history": (
        ("history state/ /registry/pods/default/web", "every change of one object"),
        ("history state/ compact_rev_key --format json", "every compaction"),
    ),
    "timeline": (
        ("timeline out.tar.gz", "what clocks date, and apart from it what raft orders"),
        ("timeline out.tar.gz --format jsonl", "for Timesketch"),
    ),
    "plan": (
        ("plan out.tar.gz", "which node to recover from, and the steps"),
        ("plan out.tar.gz --assume-member-lost n3", "as if n3 were gone for good"),
    ),
    "repair": (
        ("repair out.tar.gz --node n2 -o n2", "a new directory for n2"),
        ("repair out.tar.gz --node n2 --alone -o n2", "with n2 as the only member"),
    ),
    "export": (
        ("export state/ -o snapshot.db", "for `etcdctl snapshot restore`"),
        ("export state/ --format json -o objects.json", "as JSON, without Secrets"),
    ),
    "redact": (
        ("redact sosreport-*.tar.xz -o shown --map ours.json", "copies for others; the map stays with you"),
        ("redact state/ -o shown --key our.key", "the same pseudonyms as last time"),
    ),
    "shrink": (
        ("shrink shown/* -o small", "the least that still shows the findings, as a fixture"),
        ("shrink out.tar.gz --finding SEG001 -o small", "what one rule needs"),
    ),
    "verify-plan": (
        ("verify-plan out/report.json later.tar.gz", "which steps took effect"),
        ("verify-plan n2/repair.json later.tar.gz", "whether a repaired directory is in its place"),
    ),
    "diff": (
        ("diff monday.tar.gz tuesday.tar.gz", "what changed in a night"),
        ("diff state/n1 state/n2 --format json", "what differs between two nodes"),
    ),
    "collector": (
        ("collector > collect.sh", "then, on each node: sudo sh collect.sh"),
        ("collector | ssh root@n1 sh -s -- --output /tmp", "without a copy of the script there"),
    ),
    "fleet": (
        ("fleet run uploads/ --store store", "judge each entry of a folder, and remember it"),
        ("fleet top --by fault --store store", "what the most of them have"),
    ),
    "rules": (
        ("rules list --topic segment", "the rules of one topic"),
        ("rules show SEG001", "all about one rule"),
    ),
    "convert": (
        ("convert out/report.json", "on the terminal"),
        ("convert out/report.json -o report.md", "the format by the file's name"),
    ),
    "check": (
        ("check fixtures/segment", "all fixtures of one topic"),
        ("check --build /tmp/x fixtures/healthy/k8sd", "only write the input"),
    ),
    "completion": (
        ('eval "$(dqlite-forensics completion bash)"', "in ~/.bashrc"),
        ("completion fish > ~/.config/fish/completions/dqlite-forensics.fish", "once"),
    ),
}
