"""Designs of experiments: factors, points and tables of points."""
