"""Work that is promised in a transaction and done later, once."""
