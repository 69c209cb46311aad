"""The report of a study: one self-contained page, and its figures."""
