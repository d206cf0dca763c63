"""The life of a question: where it stands, what colleagues say of it, and its history."""
