"""Facts, the catalogue, cohorts and learning."""
