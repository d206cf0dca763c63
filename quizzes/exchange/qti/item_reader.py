"""One item of QTI 2 or 3 as one of our questions, or the reason why it is none."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import lazy_gettext as _l

from lms.core.xml_reader import XmlElement
from quizzes.exchange.checking import checked
from quizzes.exchange.contract import Read, ReadFault, ReadQuestion
from quizzes.exchange.lines import cut
from quizzes.exchange.qti.choices import read_choice, read_hottext
from quizzes.exchange.qti.essays import read_essay
from quizzes.exchange.qti.gaps import is_gapped, read_entry, read_gap_match, read_gaps, read_slider
from quizzes.exchange.qti.items import Item, ItemFault
from quizzes.exchange.qti.names import child
from quizzes.exchange.qti.notes import Fetch, Notes
from quizzes.exchange.qti.orders import read_order
from quizzes.exchange.qti.pairs import read_associate, read_match
from quizzes.exchange.qti.places import read_hotspots, read_point
from quizzes.exchange.qti.scoring import begin_session
from quizzes.types.base import Json

_ONE: dict[str, Callable[[Item, XmlElement], tuple[str, Json]]] = {
    "choice-interaction": read_choice,
    "hottext-interaction": read_hottext,
    "order-interaction": read_order,
    "match-interaction": read_match,
    "associate-interaction": read_associate,
    "gap-match-interaction": read_gap_match,
    "text-entry-interaction": read_entry,
    "slider-interaction": read_slider,
    "hotspot-interaction": read_hotspots,
    "select-point-interaction": read_point,
    "extended-text-interaction": read_essay,
    "upload-interaction": read_essay,
}
_INLINE = {"text-entry-interaction", "inline-choice-interaction"}


def read_item(element: XmlElement, *, fetch: Fetch, file: str, original: str) -> Read:
    """Return the question of an item, or the fault that says why there is none.

    Args:
        element: the item with plain names.
        fetch: returns a picture by the address the item has for it.
        file: its path within a package.
        original: its text, shown beside it.
    """
    session = begin_session(element)
    item = Item(element, session, Notes(), fetch)
    try:
        kind, source = _question(item)
        source |= _explanation(item)
    except ItemFault as fault:
        return ReadFault(element.line, fault.message, cut(original), file)
    for error in session.errors:
        item.notes.lose(_l("The item is not sound: %(error)s", error=error))
    title = " ".join(element.attributes.get("title", "").split())
    return checked(
        ReadQuestion(
            kind,
            source,
            element.line,
            cut(original),
            file=file,
            name=title or element.attributes.get("identifier", ""),
            guesses=tuple(item.notes.guesses),
            losses=tuple(item.notes.losses),
            files=item.notes.files,
        )
    )


def _question(item: Item) -> tuple[str, Json]:
    found = item.interactions
    if not found:
        raise ItemFault(_l("Nothing in the item is to be answered."))
    if item.element.attributes.get("adaptive") == "true":
        item.notes.lose(_l("The item is answered in several steps; here it is answered once."))
    names = {one.name for one in found}
    if names <= _INLINE and (len(found) > 1 or "inline-choice-interaction" in names or is_gapped(item)):
        return read_gaps(item, found)
    if len(found) > 1:
        raise ItemFault(_l("The item asks for several things at once: split it into questions."))
    read = _ONE.get(found[0].name)
    if read is None:
        raise ItemFault(_l("We have no question like “%(name)s”.", name=found[0].name))
    return read(item, found[0])


def _explanation(item: Item) -> Json:
    """Return what is said after the answer, whatever it was."""
    found = [one for one in item.element.elements() if one.name in ("modal-feedback", "feedback-block")]
    texts = dict.fromkeys(item.markdown(one.children) for one in found)
    words = "\\\n".join(text for text in texts if text)
    if len(texts) > 1:
        item.notes.guess(_l("What is said to right and wrong answers became one explanation."))
    return {"explanation": words} if words else {}


def body_of(stimulus: XmlElement) -> XmlElement | None:
    """Return the text of a shared stimulus."""
    return child(stimulus, "stimulus-body")
