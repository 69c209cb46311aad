"""Who takes part: one file a kind of firm, with its columns, its parameters and its decisions."""
