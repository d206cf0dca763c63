"""The way in: a file is sent, read, looked at, mended, and stored as drafts of the bank."""
