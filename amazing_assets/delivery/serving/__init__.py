"""The HTTP service: any customer, classified now, and what is known of one, on request.

Belongs here: requests, answers, keys, limits, what is counted; together, requests become batches.
Does not: how customers are classified (`delivery/classification`), where a home is (`commands`).
May be imported by the wiring, where it is called; imports FastAPI, which nothing else does.
Explained in docs/service.md.
"""
