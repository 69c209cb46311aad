"""What happens: the quarter, its markets, the ledger, chance, scenarios and what is seen of them."""
