"""Questions whose facts have changed: paused, looked at, let back onto papers."""
