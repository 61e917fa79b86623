"""Errors in any wording: a line taken apart, the chain of causes that it wraps, and the kind of the innermost cause.

Exact messages, which decide between versions, stand in forensics/parsers/messages. What is not among them is read here
by its structure: Go and C wrap errors as `outer: inner: innermost`, and some dozens of kinds cover what is innermost.

- record.py   a log line → its prefix (time, host, unit, level) and its message, with the fields that carry errors
- chain.py    a message → the links of its chain, outermost first, and whether its end is cut off
- kind.py     the kinds of causes
- grammar.py  a link → its kind, by its words in any order
- place.py    what the wrappers tell: the operation, and whom it was done to
- wrapper.py  the links that tell what was not done, and not why
- diagnose.py a line → all of this
"""
