"""The way out: questions of the bank as other systems can have them."""
