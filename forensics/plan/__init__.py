"""The recovery plan: which node to recover from and why, what other choices would cost, and the product's own steps.

expected_start.py     what each node's next start comes to, from the forecast
ranking.py            how far each got, by what that start would keep
start.py              what comes of starting the members, as forensics/election decides it
documented_choice.py  what the products' pages pick, and what that costs
plan_context.py       the machines, and the product's other database
checks/               preconditions, checked against the evidence
steps/                the steps, product by product
plan.py               all of it together, as data
words/                all of it in sentences

Nothing here is executed: a plan is text.
"""
