"""What pages are told: plain values read off a session, quarter by quarter."""
