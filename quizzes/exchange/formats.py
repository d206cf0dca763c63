"""The formats we read and write, in the order in which a file is tried: the only register."""

from __future__ import annotations

from quizzes.exchange.contract import Reader, Writer
from quizzes.exchange.gift.reader import Gift
from quizzes.exchange.gift.writing import GiftWriter
from quizzes.exchange.moodle.reader import MoodleXml
from quizzes.exchange.moodle.writing import MoodleXmlWriter
from quizzes.exchange.plain.aiken import AikenReader, AikenWriter
from quizzes.exchange.plain.pasted import PastedReader
from quizzes.exchange.printing.docx import DocxWriter
from quizzes.exchange.printing.pdf import PdfWriter
from quizzes.exchange.printing.writer import BOTH, KEY, QUESTIONS
from quizzes.exchange.qti.qti12_reader import Qti12Reader
from quizzes.exchange.qti.reader import QtiReader
from quizzes.exchange.qti.writing import QtiWriter
from quizzes.exchange.sheets.kahoot import KahootReader
from quizzes.exchange.sheets.quizizz import QuizizzReader
from quizzes.exchange.sheets.template import CsvWriter, SheetReader, XlsxWriter
from quizzes.exchange.word.reader import WordReader

# Pasted text takes much for a question, so it is tried last.
READERS: tuple[Reader, ...] = (
    KahootReader(),
    QuizizzReader(),
    SheetReader(),
    WordReader(),
    QtiReader(),
    Qti12Reader(),
    MoodleXml(),
    AikenReader(),
    Gift(),
    PastedReader(),
)

WRITERS: tuple[Writer, ...] = (
    AikenWriter(),
    GiftWriter(),
    MoodleXmlWriter(),
    QtiWriter(),
    XlsxWriter(),
    CsvWriter(),
    *(DocxWriter(part) for part in (QUESTIONS, BOTH, KEY)),
    *(PdfWriter(part) for part in (QUESTIONS, BOTH, KEY)),
)
