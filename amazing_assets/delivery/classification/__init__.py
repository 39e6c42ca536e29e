"""Raw events of any customers in, what is known of each of them out: the one way of classifying.

Belongs here: reading events of any months, what other customers must lend, champions, the answer.
Does not: HTTP (`delivery/serving`), features and models themselves.
May be imported by `delivery/serving` and the wiring; imports `segments`, `next_actions` and above.
Explained in docs/service.md.
"""
