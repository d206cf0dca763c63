"""Texts that people write or paste: Aiken, and questions numbered by hand."""
