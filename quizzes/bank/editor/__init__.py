"""Writing a question: the form, what is kept while somebody types, and what the page shows beside it."""
