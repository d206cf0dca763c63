"""People and offices: users, roles, branches, signing in and out."""
