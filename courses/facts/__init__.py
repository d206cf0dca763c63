"""Dated facts of the law with their citations."""
