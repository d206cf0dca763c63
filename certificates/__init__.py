"""Certificates: a frozen record, its paper, its public check."""
