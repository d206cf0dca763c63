"""Citations of facts as HTML: names of laws lead to what we say about them."""

from __future__ import annotations

import html
import re

from courses.facts.book import FactBook

_ARTICLE = re.compile(r"\bPs\b")


def show_citation(book: FactBook, citation: str) -> str:
    """Return the citation of a fact, as "PP 44/2015 Ps 34 ayat (1)", as safe HTML."""
    text = html.escape(_ARTICLE.sub("Pasal", citation))
    for law in sorted(book.laws.values(), key=lambda law: -len(law.short)):
        text = re.sub(
            rf"(?<![\w/>]){re.escape(law.short)}(?![\d/])", f'<a href="/hukum#{law.id}">{law.short}</a>', text
        )
    return text
