"""Sessions: one visitor's pair of runs, and what can be done to it."""
