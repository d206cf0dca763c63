"""The ground and the roof of Penggerak."""
