"""What a quiz is made of: drafts, settings, the blueprint, and what its rules draw from. No pages."""
