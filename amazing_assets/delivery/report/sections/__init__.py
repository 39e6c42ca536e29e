"""The chapters of the report: tables and a language in, blocks out."""
