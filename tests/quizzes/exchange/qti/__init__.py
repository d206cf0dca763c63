"""QTI: scoring, reading and writing."""
