"""Trying a whole quiz as a trainee meets it: real pages, engine and marks, and nothing is kept."""
