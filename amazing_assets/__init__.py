"""From a marketplace's raw event files to customer knowledge."""

__version__ = "0.1.0"
