"""Executors: where the chunks of a sweep are computed."""
