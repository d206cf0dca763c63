"""Where a question of a Word document begins and ends, and what of it is answer, key and reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _l

from quizzes.exchange.contract import Text
from quizzes.exchange.word.document import Line, Run, words
from quizzes.exchange.word.lines import TYPED, Piece, part_of
from quizzes.exchange.word.numbering import BULLET, DECIMAL, LETTER, Label

KEY = re.compile(
    r"\s*(?:kunci(?:\s+jawaban)?|jawaban(?:\s+(?:yang\s+)?(?:benar|tepat))?|jawab|jwb|ans(?:wer)?|key)\s*[:=]\s*",
    re.I,
)
REASON = re.compile(
    r"\s*(?:pembahasan|penjelasan|alasan|feedback|umpan balik|explanation|reason)\s*[:=]\s*", re.I
)
KEYS_BEGIN = re.compile(r"\s*kunci(?:\s+jawaban)?(?:\s+soal)?\s*:?\s*", re.I)
_PAIR = re.compile(r"([0-9]{1,3})\s*[.):=-]?\s*([A-La-l])\b[.,;]?")
_STEM, _OPTION, _KEY, _REASON = "stem", "option", "key", "reason"


@dataclass
class Option:
    """An answer: its lines, the kind of sign before it, and whether a star stands there."""

    lines: list[Line]
    kind: str
    is_starred: bool = False


@dataclass
class Block:
    """The lines of one question, put where they belong. ``number`` is 0 where it has none."""

    number: int
    paragraph: int
    list_id: str | None
    topic: str
    stem: list[Line]
    options: list[Option] = field(default_factory=list)
    key: list[Line] = field(default_factory=list)
    reason: list[Line] = field(default_factory=list)
    original: list[str] = field(default_factory=list)
    guesses: list[Text] = field(default_factory=list)
    losses: list[Text] = field(default_factory=list)
    place: str = _STEM


def split(pieces: Sequence[Piece]) -> Iterator[Block]:
    """Yield the questions of the lines of a document, with the keys of a list at its end."""
    end, keys = _keys_at_the_end(pieces)
    splitting = _Splitting(pieces[:end])
    for block in splitting.blocks():
        if not block.key and block.number in keys:
            block.key = keys[block.number]
            block.guesses.append(_l("The key was taken from the list at the end."))
        yield block


class _Splitting:
    """Where we are in a document."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        numbers = [
            piece.label for piece in pieces if piece.label and piece.label.kind == DECIMAL and piece.text
        ]
        self._level = min((label.level for label in numbers if not _is_typed(label)), default=0)
        # Questions are numbered as the first number is: by Word, or by hand with a dot or a bracket.
        self._typed = numbers[0].list_id if numbers and _is_typed(numbers[0]) else ""
        self._is_numbered = bool(numbers)
        self._topic = ""
        self._open: Block | None = None

    def blocks(self) -> Iterator[Block]:
        """Yield the questions in their order."""
        for piece in self._pieces:
            begins = self._begins(piece)
            is_over = begins or (piece.heading > 0 and piece.label is None)
            if is_over and self._open is not None:
                yield self._open
                self._open = None
            if begins:
                self._begin(piece)
            elif is_over:
                self._topic = piece.text
            elif self._open is not None:
                self._add(self._open, piece)
        if self._open is not None:
            yield self._open

    def _begins(self, piece: Piece) -> bool:
        """Return whether a line begins a question."""
        label, block = piece.label, self._open
        if not piece.text:
            return False
        if KEY.match(piece.text) or REASON.match(piece.text):
            return False
        if not self._is_numbered:
            return piece.heading == 0 and label is None and self._is_next(piece)
        if label is None or label.kind != DECIMAL or label.level > self._level:
            return False
        if _is_typed(label) or self._typed:
            return label.list_id == self._typed and _is_next_number(label.value, block)
        is_own_list = block is not None and label.list_id != block.list_id and not _has_letters(block)
        return not (is_own_list and block is not None and self._continues(block, label.value))

    def _continues(self, block: Block, value: int) -> bool:
        """Return whether a counted line of another list is an answer: they count from 1 on."""
        return value == len(block.options) + 1 and block.place in {_STEM, _OPTION}

    def _is_next(self, piece: Piece) -> bool:
        """Return whether a line without a sign begins the next question of a document without numbers."""
        block = self._open
        if block is None:
            return True
        if not piece.begins:
            return False
        return (
            block.place == _KEY
            or (block.place == _OPTION and len(block.options) > 1)
            or (piece.after_blank and bool(block.options or block.key))
        )

    def _begin(self, piece: Piece) -> None:
        label = piece.label
        self._open = Block(
            number=label.value if label else 0,
            paragraph=piece.paragraph,
            list_id=label.list_id if label else None,
            topic=self._topic,
            stem=[piece.line],
            original=[piece.shown],
            guesses=list(piece.guesses),
            losses=list(piece.losses),
        )

    def _add(self, block: Block, piece: Piece) -> None:
        """Put a line where it belongs in the question that is open."""
        if not piece.text:
            return
        block.original.append(piece.shown)
        block.guesses += [guess for guess in piece.guesses if guess not in block.guesses]
        block.losses += [loss for loss in piece.losses if loss not in block.losses]
        key, reason = KEY.match(words(piece.line)), REASON.match(words(piece.line))
        if key and piece.label is None:
            block.key, block.place = [part_of(piece.line, key.end())], _KEY
        elif reason and piece.label is None:
            block.reason.append(part_of(piece.line, reason.end()))
            block.place = _REASON
        elif _is_option(block, piece):
            _add_option(block, piece)
        else:
            _go_on(block, piece)


def _is_option(block: Block, piece: Piece) -> bool:
    label = piece.label
    if label is None or block.place in {_KEY, _REASON}:
        return False
    if label.kind == LETTER and _is_typed(label):
        return label.value == sum(option.kind == LETTER for option in block.options) + 1
    return label.kind in {LETTER, DECIMAL, BULLET}


def _add_option(block: Block, piece: Piece) -> None:
    """Put an answer to the others; lines with numbers or dots before letters belong to the question."""
    assert piece.label is not None
    kind = piece.label.kind
    if kind == LETTER and block.options and all(option.kind != LETTER for option in block.options):
        for number, option in enumerate(block.options, 1):
            sign = f"{number}. " if option.kind == DECIMAL else "– "
            first = option.lines[0]
            block.stem += [[_plain(sign), *first], *option.lines[1:]]
        block.options = []
    block.options.append(Option([piece.line], kind, piece.is_starred))
    block.place = _OPTION


def _go_on(block: Block, piece: Piece) -> None:
    """Put a line without a sign of ours to what stands before it."""
    line = [_plain(f"{piece.label.shown()} "), *piece.line] if piece.label else piece.line
    if block.place == _OPTION:
        if piece.begins:
            words_ = piece.text[:60]
            block.guesses.append(_l("“%(text)s” was read as part of the answer before it.", text=words_))
        block.options[-1].lines.append(line)
    elif block.place in {_KEY, _REASON}:
        (block.reason if block.place == _REASON else block.key).append(line)
    else:
        block.stem.append(line)


def _plain(text: str) -> Run:
    return Run(text)


def _has_letters(block: Block) -> bool:
    return any(option.kind == LETTER for option in block.options)


def _is_typed(label: Label) -> bool:
    return label.list_id.startswith(TYPED)


def _is_next_number(value: int, block: Block | None) -> bool:
    """Return whether a typed number is that of the next question, not of a line within this one."""
    if block is None:
        return True
    lines = sum(option.kind == DECIMAL for option in block.options)
    is_within = lines > 0 and value == lines + 1 and block.place == _OPTION and not _has_letters(block)
    return value > block.number and not is_within


def _keys_at_the_end(pieces: Sequence[Piece]) -> tuple[int, dict[int, list[Line]]]:
    """Return before which line the questions end, and the letters of a list of keys behind them."""
    for place in range(len(pieces) - 1, -1, -1):
        if not KEYS_BEGIN.fullmatch(pieces[place].text):
            continue
        rest = " ".join(piece.shown for piece in pieces[place + 1 :])
        pairs = {int(match[1]): [[_plain(match[2].upper())]] for match in _PAIR.finditer(rest)}
        if pairs and not _PAIR.sub("", rest).strip(" ,;|\t"):
            return place, pairs
    return len(pieces), {}
