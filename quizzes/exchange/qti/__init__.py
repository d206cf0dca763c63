"""QTI: items and packages of versions 1.2, 2.0 to 2.2 and 3.0, and scoring as it specifies."""
