"""Runs of one scenario: ensembles in batches, what they cost, and what is lost."""
