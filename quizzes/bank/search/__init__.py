"""How a question is found: the words it is known by, kept where versions are made."""
