"""Files that people add by hand beside a copied state directory: `hostname.txt`, `df.txt`, `ip-addr.txt`, logs.

The mark never matches: these rows apply to what lies outside every collection (see recognise).
"""

from __future__ import annotations

import re

from forensics.ingest.collectors.api import Collector, Use, places

COLLECTOR = Collector(
    "files copied by hand",
    re.compile(r"(?!)(?P<root>)"),
    places(
        (r"(?:.*/)?hostname(?:\.txt)?", Use.HOST, "hostname"),
        (r"(?:.*/)?df(?:[-_]\w*)?\.(?:txt|log|out)", Use.HOST, "df"),
        (r"(?:.*/)?(?:ip[-_]?a(?:ddr)?|ifconfig)\.(?:txt|log|out)", Use.HOST, "addresses"),
        (r"(?:.*/)?snap[-_]list[\w-]*\.(?:txt|log|out)", Use.HOST, "snaps"),
        (r"(?:.*/)?var/log/(?:syslog|messages|daemon\.log)(?:\.\d+)?", Use.JOURNAL),
        (r"(?:.*/)?(?:lxd|incusd)\.log(?:\.\d+)?", Use.JOURNAL, "lxd"),
    ),
    by_hand=True,
)
