"""PDF/A-3a and PDF/UA-1 as veraPDF sees them."""
