"""Fractions become marks, marks become percent, percent becomes passed."""
