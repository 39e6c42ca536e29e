"""The wiring: everything Dagster, and nothing else."""
