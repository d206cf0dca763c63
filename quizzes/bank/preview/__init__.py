"""How a question looks before it is anybody's: its first variants and what is doubtful about them."""
