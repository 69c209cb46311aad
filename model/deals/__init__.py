"""Deals: financings in the terms of the market, what became of them, and the money that they bind."""
