"""Adapters: the model for other people's libraries."""
