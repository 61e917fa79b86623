"""The gate: what of the evidence's texts may reach an output (docs/reference/secrets.md#the-gate).

A door for each way in which evidence holds text: `masked_line` for a line of a log, `masked_lines` for the lines of a
file, `masked_name` for a name or an address, and `shown` for whatever an output is made of. Two judges behind them:
`positions` knows what stands where a secret stands, `shapes` what looks like a word, a number, an address, a path or a
time. The rest is MASK.
"""
