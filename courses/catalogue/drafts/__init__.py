"""A course written in the browser: a working copy of its files, reviewed by a colleague, then an edition."""
