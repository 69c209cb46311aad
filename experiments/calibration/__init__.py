"""Calibration: what was observed, starts made from it, and parameters estimated on the ensemble engine."""
