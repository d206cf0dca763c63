"""The versions of a question, and what differs between two of them."""
