"""The web server: sockets, what is let in, and the framework's start."""
