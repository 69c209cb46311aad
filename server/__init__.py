"""See and steer: the command line."""
