"""How far the model agrees with the real library: recorded verdicts, the damage they were given on, the comparison.

`python -m bench.agreement` prints the number; see __main__.py.
"""
