"""Stylised facts: regularities that the literature finds in industries, and whether the model has them."""
