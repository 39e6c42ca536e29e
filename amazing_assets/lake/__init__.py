"""Where tables live: sharded by customer, replaced a partition at a time.

Belongs here: paths and objects, drafts, audits, locks, how work is spread over shards.
Does not: what a table means (`events`, `customers`), tables of figures (`warehouse`).
May be imported by every room of the flow and by the wiring; imports the ground floor only.
Explained in docs/adr/0005-a-month-is-a-link-to-a-version.md, and of buckets in
docs/adr/0021-in-a-bucket-a-month-is-a-manifest.md.
"""
