"""The assets, a file per group."""
