"""Published results that this engine can speak to, and whether it gives them."""
