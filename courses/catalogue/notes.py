"""The lists at the end of a lesson: where its numbers stand in the law, and what its terms mean.

A number in the text is a link to its note and the note links back, so it works without a script, in print and
with a screen reader; `notes.js` shows the same note where the number stands.
"""

from __future__ import annotations

import html

from babel.dates import format_date

from courses.catalogue import wording
from courses.catalogue.marks import Noted, Page
from courses.facts.book import FactBook
from courses.facts.citing import show_citation
from courses.facts.fact import Confidence
from courses.facts.formatting import show_span
from courses.facts.glossary import Term


def show_notes(page: Page) -> str:
    """Return the lists as HTML, empty where the page used no fact and no term."""
    return _show_facts(page) + _show_terms(page)


def _show_facts(page: Page) -> str:
    if not page.facts:
        return ""
    lead = wording.FACT_NOTES_LEAD.format(day=format_date(page.as_of, "long", locale="id"))
    items = "\n".join(_show_fact(page.book, noted) for noted in page.facts.values())
    return (
        '<section class="footnotes" aria-labelledby="dasar_hukum">\n'
        f'<h2 id="dasar_hukum">{wording.FACT_NOTES}</h2>\n<p>{lead}</p>\n<ol>\n{items}\n</ol>\n</section>\n'
    )


def _show_fact(book: FactBook, noted: Noted) -> str:
    fact = noted.fact
    remarks = [show_span(fact)]
    if fact.is_derived:
        remarks.append(wording.DERIVED)
    if fact.confidence is Confidence.SECONDARY:
        remarks.append(wording.SECONDARY)
    if fact.is_doubtful:
        remarks.append(wording.UNCHECKED)
    backs = " ".join(
        f'<a class="footnote-backref" href="#fakta_{noted.number}_{place}" role="doc-backlink" '
        f'aria-label="{html.escape(_back(noted.text, place, noted.places))}">↩</a>'
        for place in range(1, noted.places + 1)
    )
    return (
        f'<li id="dasar_{noted.number}"><strong>{html.escape(noted.text)}</strong> – '
        f"{show_citation(book, fact.citation)}; {html.escape(', '.join(remarks))}. "
        f'<a href="/fakta/{fact.key}">{wording.HISTORY}</a>&nbsp;{backs}</li>'
    )


def _back(text: str, place: int, places: int) -> str:
    back = wording.BACK_TO.format(text=text)
    return back if places == 1 else f"{back} ({place})"


def _show_terms(page: Page) -> str:
    if not page.terms:
        return ""
    terms = sorted((page.book.term(term_id) for term_id in page.terms), key=lambda term: term.term.casefold())
    items = "\n".join(_show_term(page, term) for term in terms)
    return (
        '<section class="glossary" aria-labelledby="daftar_istilah">\n'
        f'<h2 id="daftar_istilah">{wording.GLOSSARY}</h2>\n<dl>\n{items}\n</dl>\n</section>\n'
    )


def _show_term(page: Page, term: Term) -> str:
    citations = ", ".join(
        f'<a class="law" href="{citation.url}">{html.escape(citation.label)}</a>'
        for citation in map(page.book.citation, term.cite)
    )
    source = f" ({citations})" if citations else ""
    label = html.escape(wording.BACK_TO.format(text=page.terms[term.id]))
    back = f'<a class="footnote-backref" href="#di_{term.id}" role="doc-backlink" aria-label="{label}">↩</a>'
    meaning = f"{html.escape(term.definition)}{source} {back}"
    return f'<div id="istilah_{term.id}"><dt>{html.escape(term.term)}</dt><dd>{meaning}</dd></div>'
