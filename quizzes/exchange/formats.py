"""The formats we read and write, in the order in which a file is tried: the only register."""

from __future__ import annotations

from quizzes.exchange.aiken import AikenReader, AikenWriter
from quizzes.exchange.contract import Reader, Writer
from quizzes.exchange.docx_writing import DocxWriter
from quizzes.exchange.gift import Gift
from quizzes.exchange.gift_writing import GiftWriter
from quizzes.exchange.kahoot import KahootReader
from quizzes.exchange.moodle_xml import MoodleXml
from quizzes.exchange.moodle_xml_writing import MoodleXmlWriter
from quizzes.exchange.pasted import PastedReader
from quizzes.exchange.pdf_writing import PdfWriter
from quizzes.exchange.printing import BOTH, KEY, QUESTIONS
from quizzes.exchange.qti.qti12_reader import Qti12Reader
from quizzes.exchange.qti.reader import QtiReader
from quizzes.exchange.qti.writing import QtiWriter
from quizzes.exchange.quizizz import QuizizzReader
from quizzes.exchange.sheet_template import CsvWriter, SheetReader, XlsxWriter
from quizzes.exchange.word import WordReader

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
