"""Moodle's own XML, in and out, and what all formats of Moodle have in common."""
