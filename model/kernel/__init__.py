"""The kernel: a tape as one compiled function that runs all quarters of a few replicates at a time in the cache."""
