"""What a firm's memory is made of: quantities, columns, populations and public signals."""
