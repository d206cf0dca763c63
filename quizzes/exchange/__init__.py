"""Questions in and out of other formats."""
