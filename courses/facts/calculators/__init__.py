"""What the law makes of a wage: contributions and benefits, step by step with their sources."""
