"""Questions on paper: Word and PDF, with and without the key."""
