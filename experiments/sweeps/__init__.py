"""Sweeps: a study of many runs, cut into chunks that any machine may compute, and resumed after any accident."""
