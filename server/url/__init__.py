"""What a link says: everything that defines a view, read strictly and written back."""
