"""What only reads: lists, search, documents."""
