"""What if: ensembles, twins, claims and what is written of them."""
