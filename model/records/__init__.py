"""Records of a run: its history, the money trail of deals, and flows of capital."""
