"""What a group of answers says about a question."""
