"""Questions as people write them into a chat or a letter: numbered, with letters before the answers.

    1. Siapa yang mendaftarkan pekerja?
    a) Pemberi kerja
    b) Tetangga
    Kunci: A
    Pembahasan: …

The key may be a line, a star before the answer, bold letters, a tick behind it, or a list at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _l

from quizzes.exchange.checking import limited
from quizzes.exchange.contract import Read, Reader, Text
from quizzes.exchange.decoding import decode
from quizzes.exchange.lines import excerpt
from quizzes.exchange.plain.pasted_keys import Block, Option, made

_NUMBERED = re.compile(
    r"\s*(?:\*{1,2})?(?:soal|no\.?|nomor)?\s*(?P<number>[0-9]{1,5})(?P<sign>[.)])\s*(?P<text>.*)", re.I
)
_OPTION = re.compile(
    r"\s*(?P<star>\*{1,2}\s?|[>✓✔✅√]\s*)?\(?(?P<letter>[A-Ha-h])[.)](?![A-Za-z][.)])\s*(?P<text>.*)"
)
_DASH = re.compile(r"\s*(?P<star>\*\s?)?[-•–▪]\s+(?P<text>.*)")
_KEY = re.compile(
    r"\s*[*_]*(?:kunci(?:\s+jawaban)?|jawaban(?:\s+(?:yang\s+)?(?:benar|tepat))?|jawab|jwb|answer|key)[*_]*"
    r"\s*[:=][*_]*\s*(?P<text>.*)",
    re.I,
)
_REASON = re.compile(
    r"\s*[*_]*(?:pembahasan|penjelasan|alasan|explanation|reason)[*_]*\s*[:=][*_]*\s*(?P<text>.*)", re.I
)
_KEYS_BEGIN = re.compile(r"\s*[*_]*kunci(?:\s+jawaban)?(?:\s+soal)?[*_]*\s*[:=]?[*_]*\s*", re.I)
_PAIR = re.compile(r"([0-9]{1,3})\s*[.):=-]?\s*([A-Ha-h])\b[.,;]?")
_ON_ONE_LINE = re.compile(r"(?:^|\s)\(?([A-Ha-h])[.)]\s+")
_ONCE = (
    re.compile(rb"^[ \t]{0,20}(?:\*{1,2} ?)?\(?[Aa][.)][ \t]", re.M),
    re.compile(rb"^[ \t*_]{0,20}(?:kunci|jawaban|jawab|jwb|answer|key)\b[^:=\n]{0,40}[:=]", re.M | re.I),
)
NUMBER_MARK = re.compile(r"(?m)^\s*(?:soal\s*)?[0-9]{1,3}[.)]\s*\S", re.I)
MIN_WORDS = 2


class PastedReader(Reader):
    """Plain text of people; read last, because it takes much for a question."""

    key = "teks"
    endings = (".txt", ".md", ".text")

    @property
    def label(self) -> str:
        """Name shown to people."""
        return str(_l("Pasted text"))

    def recognises(self, data: bytes, name: str) -> bool:
        """Say whether it is a text file in which something looks like an answer, a key or a number."""
        if not name.casefold().endswith(self.endings):
            return False
        start = data[:100_000].replace(b"\0", b"").decode("utf-8", "ignore")
        return any(_OPTION.fullmatch(line) or _KEY.fullmatch(line) for line in start.splitlines()) or bool(
            NUMBER_MARK.search(start)
        )

    def least(self, data: bytes) -> int:
        """Count first answers and keys: a question has one of each at most."""
        return max(sum(1 for _found in sign.finditer(data)) for sign in _ONCE)

    def read(self, data: bytes, name: str) -> Iterator[Read]:  # noqa: ARG002
        """Yield the questions and what is meant as one."""
        text, guesses = decode(data)
        return limited(read_text(text, guesses))


def read_text(text: str, guesses: tuple[Text, ...] = ()) -> Iterator[Read]:
    """Yield the questions of a pasted text and what is meant as one."""
    lines = text.split("\n")
    end, keys = _keys_at_the_end(lines)
    for block in _blocks(lines[:end]):
        block.original = excerpt(lines, block.line, block.last)
        block.guesses += guesses
        if not block.key and block.number in keys:
            block.key = keys[block.number]
            block.guess(_l("The key was taken from the list at the end."))
        yield made(block)


@dataclass
class _Splitting:
    """Where we are in a text: the block that is open, and what the next line without a sign belongs to."""

    is_numbered: bool
    sign: str = ""
    open: Block | None = None
    before: list[str] = field(default_factory=list)
    place: str = "stem"
    is_after_blank: bool = False

    def begin(self, number: int, line: int, text: str) -> Block | None:
        """Open a block, and return the one that was open."""
        done, self.open, self.place = self.open, Block(number, line, line, [text] if text else []), "stem"
        if self.before:
            self.open.guess(_l("Left out before it: “%(text)s”.", text=" ".join(self.before)[:80]))
            self.before = []
        return done


def _blocks(lines: list[str]) -> Iterator[Block]:
    at = _Splitting(is_numbered=any(_is_first(line) for line in lines))
    for number, line in enumerate(lines, 1):
        if not line.strip():
            at.is_after_blank = True
            continue
        done = _take(at, number, line)
        at.is_after_blank = False
        if done is not None:
            yield done
    if at.open is not None:
        yield at.open


def _is_first(line: str) -> bool:
    match = _NUMBERED.fullmatch(line)
    return match is not None and match["number"] == "1" and bool(match["text"])


def _take(at: _Splitting, number: int, line: str) -> Block | None:
    """Put a line where it belongs; return the block that ends before it, if one does."""
    begun = _begins(at, line)
    if begun is not None:
        at.sign = at.sign or begun["sign"]
        return at.begin(int(begun["number"]), number, begun["text"].strip())
    if at.open is None or (not at.is_numbered and _is_over(at, line)):
        if at.is_numbered:
            at.before.append(line.strip())
            return None
        return at.begin(0, number, line.strip())
    at.open.last = number
    _add(at, at.open, line)
    return None


def _begins(at: _Splitting, line: str) -> re.Match[str] | None:
    """Return how a line begins a numbered question: by the sign of the first one and the number after it."""
    match = _NUMBERED.fullmatch(line)
    if match is None or not at.is_numbered or (at.sign and match["sign"] != at.sign):
        return None
    is_answer = at.open is not None and at.place == "stem" and int(match["number"]) == 1
    return None if is_answer else match


def _is_over(at: _Splitting, line: str) -> bool:
    """Whether a line of a text without numbers begins the next question."""
    assert at.open is not None
    is_part = any(sign.fullmatch(line) for sign in (_OPTION, _KEY, _REASON, _DASH))
    if is_part:
        return False
    return at.place == "key" or (at.is_after_blank and bool(at.open.options or at.open.key))


def _add(at: _Splitting, block: Block, line: str) -> None:
    if match := _KEY.fullmatch(line):
        block.key, at.place = match["text"].strip(), "key"
    elif match := _REASON.fullmatch(line):
        block.reason.append(match["text"].strip())
        at.place = "reason"
    elif found := _options(at, block, line):
        block.options += found
        at.place = "option"
    elif at.place == "option":
        block.options[-1].text += "\n" + line.strip()
    else:
        (block.reason if at.place in {"reason", "key"} else block.stem).append(line.strip())


def _options(at: _Splitting, block: Block, line: str) -> list[Option]:
    if match := _OPTION.fullmatch(line):
        return _on_one_line(block, match) or [
            Option(match["letter"].upper(), match["text"].strip(), bool(match["star"]))
        ]
    other = _NUMBERED.fullmatch(line)
    if other is not None and at.sign and other["sign"] != at.sign:
        letter = chr(ord("A") + len(block.options))
        if int(other["number"]) == len(block.options) + 1:
            return [Option(letter, other["text"].strip(), line.lstrip().startswith("*"))]
    dash = _DASH.fullmatch(line)
    if dash is not None and at.place in {"stem", "option"}:
        return [Option(chr(ord("A") + len(block.options)), dash["text"].strip(), bool(dash["star"]))]
    return []


def _on_one_line(block: Block, first: re.Match[str]) -> list[Option]:
    """Return the options of a line that has several, in the order of their letters; else nothing."""
    line = first.string
    begins = list(_ON_ONE_LINE.finditer(line))
    letters = "".join(match[1].upper() for match in begins)
    if len(begins) < MIN_WORDS or letters not in "ABCDEFGH":
        return []
    block.guess(_l("Answers that stood on one line were taken apart."))
    ends = [match.start() for match in begins[1:]] + [len(line)]
    return [
        Option(match[1].upper(), line[match.end() : end].strip(), is_right=False)
        for match, end in zip(begins, ends, strict=True)
    ]


def _keys_at_the_end(lines: list[str]) -> tuple[int, dict[int, str]]:
    """Return before which line the questions end, and the letters of a list of keys behind them."""
    for place in range(len(lines) - 1, -1, -1):
        if not _KEYS_BEGIN.fullmatch(lines[place]):
            continue
        rest = " ".join(lines[place + 1 :])
        pairs = {int(match[1]): match[2].upper() for match in _PAIR.finditer(rest)}
        if pairs and not _PAIR.sub("", rest).strip(" ,;|\t*"):
            return place, pairs
    return len(lines), {}
