"""The samples of a folder's calculated questions, as its makers read them."""

from __future__ import annotations

from collections.abc import Mapping

from quizzes.bank.folder.checking import FolderQuestion
from quizzes.bank.preview.samples import list_samples


def sample_lines(questions: Mapping[str, FolderQuestion]) -> list[str]:
    """Return the samples of all calculated questions of a folder, a line each, with their number and key."""
    return [
        f"{question.id}\t{sample.number}\t{sample.stem}\t{sample.right}"
        for question in questions.values()
        for sample in list_samples(question.kind, question.resolved.content, question.resolved.summary)
    ]
