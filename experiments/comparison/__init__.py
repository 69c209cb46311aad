"""Comparison: a scenario beside its twin on common random numbers."""
