"""What is told beside a question that is read, and the pictures its texts show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from quizzes.exchange.contract import Text
from quizzes.exchange.markup import from_html

Fetch = Callable[[str], bytes | None]
"""Returns the file an address in an item names, None where there is none."""


@dataclass
class Notes:
    """Guesses, losses and pictures of one question, in the order they come up."""

    guesses: list[Text] = field(default_factory=list)
    losses: list[Text] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)

    def guess(self, text: Text) -> None:
        """Note what was guessed, once."""
        if text not in self.guesses:
            self.guesses.append(text)

    def lose(self, text: Text) -> None:
        """Note what was lost, once."""
        if text not in self.losses:
            self.losses.append(text)

    def markdown(self, html: str, pictures: Mapping[str, bytes]) -> str:
        """Return HTML as inline Markdown; what of it was lost and its pictures are noted.

        Raises:
            ValueError: it is too long.
        """
        converted = from_html(f"<div>{html}</div>", pictures=pictures)
        for loss in converted.losses:
            self.lose(loss)
        self.files.update(converted.files)
        return converted.markdown.strip()
