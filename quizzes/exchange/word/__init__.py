"""Word documents (DOCX), as people write questions into them."""
