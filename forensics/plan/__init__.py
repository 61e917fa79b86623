"""The recovery plan: which node to recover from and why, what other choices would cost, and the product's own steps.

outlook.py   what each node's next start would come to, from the forecast
ranking.py   who got furthest, by what that start would keep
quorum.py    who may lead if nothing is forced
documented_choice.py  what the products' pages would pick, and what that costs
surroundings.py  the machines, and the product's other database
checks/      preconditions, checked against the evidence
steps/       the steps, product by product
plan.py      all of it together

Nothing here is executed: a plan is text.
"""
