"""Which version of each quiz a cohort runs on, and moving it to another."""
