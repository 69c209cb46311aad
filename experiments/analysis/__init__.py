"""Analysis: which assumption matters, where a claim holds, at which value it tips, and how many runs are enough."""
