"""Spoiled files for every reader: `make fuzz`, a minute for each."""
