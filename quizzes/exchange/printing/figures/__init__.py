"""Pictures of questions as they stand on paper."""
