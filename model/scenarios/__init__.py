"""Scenarios: read and written as TOML, checked against the firms of a run."""
