"""Where tables live: sharded by customer, replaced a partition at a time."""
