"""Jobs: work in the background behind a page, and its results."""
