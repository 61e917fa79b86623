"""The recovery plan: which node to recover from and why, what other choices would cost, and the product's own steps.

ranking.py   who got furthest, and what each node's start would keep
quorum.py    who may lead if nothing is forced
official.py  what the products' pages would pick, and what that costs
checks.py    preconditions, checked against the evidence
products/    the steps, a module a product
plan.py      all of it together

Nothing here is executed: a plan is text.
"""
