"""Pictures of questions: sent, kept by their hash, and marked within texts."""
