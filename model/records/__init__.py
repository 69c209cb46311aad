"""Records of a run: its history, the trail of a deal's money, and flows of capital."""
