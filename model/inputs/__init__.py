"""What users hand over: paths, texts and values by name, read the same way everywhere."""
