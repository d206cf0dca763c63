"""The roof pages that show all rooms together."""
