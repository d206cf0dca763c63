"""What the states of a hall are called, and with which sign."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from quizzes.live.seats import SeatState

STATES = {
    SeatState.SILENT: (_l("No sign of life"), "wifi-off", "warn"),
    SeatState.IDLE: (_l("Answers nothing"), "hourglass", "warn"),
    SeatState.WORKING: (_l("At work"), "pencil", ""),
    SeatState.ABSENT: (_l("Not begun"), "circle", ""),
    SeatState.DONE: (_l("Handed in"), "circle-check", "ok"),
}
"""Name, icon and kind of tag of each state, those to look after first."""
