"""Formulas that several kinds of firm share: pure functions of arrays."""
