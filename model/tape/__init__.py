"""The tape: a quarter of the model written down once as operations on rows, whatever its rules are."""
