"""One visitor's twin run, and what can be done to it."""
