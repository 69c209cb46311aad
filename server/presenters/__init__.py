"""What pages show: plain values computed from a twin run, quarter by quarter."""
