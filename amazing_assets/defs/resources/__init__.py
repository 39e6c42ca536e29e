"""Thin adapters: from settings to the plain objects that the library works with."""
