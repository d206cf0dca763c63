"""The list of questions: narrowed, read, and what is done to those that are ticked."""
