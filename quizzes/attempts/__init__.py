"""Sittings: papers, answers, submission."""
