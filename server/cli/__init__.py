"""The command line: options, arguments, and what is printed."""
