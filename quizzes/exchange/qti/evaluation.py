"""What an expression comes to: what is within it first, then its operator; the only register of those."""

from __future__ import annotations

from lms.core.xml_reader import XmlElement
from quizzes.exchange.qti.call import Call, Operators
from quizzes.exchange.qti.containers import CONTAINER_OPERATORS
from quizzes.exchange.qti.functions import FUNCTION_OPERATORS
from quizzes.exchange.qti.logic import LOGIC
from quizzes.exchange.qti.names import children
from quizzes.exchange.qti.numbers import NUMBER_OPERATORS
from quizzes.exchange.qti.session import Session
from quizzes.exchange.qti.strings import STRING_OPERATORS
from quizzes.exchange.qti.values import NULL, QtiFault, Value
from quizzes.exchange.qti.variables import VARIABLE_OPERATORS

OPERATORS: Operators = {
    **VARIABLE_OPERATORS,
    **LOGIC,
    **NUMBER_OPERATORS,
    **FUNCTION_OPERATORS,
    **CONTAINER_OPERATORS,
    **STRING_OPERATORS,
}


def evaluate(expression: XmlElement, session: Session) -> Value:
    """Return the value of an expression; where it is none of the standard's, tell so and return NULL."""
    values = [evaluate(part, session) for part in children(expression)]
    operator = OPERATORS.get(expression.name)
    try:
        if operator is None:
            raise QtiFault(f"The expression {expression.name} is not one we can reckon.")
        return operator(Call(expression, values, session))
    except QtiFault as fault:
        session.tell(f"Line {expression.line}: {fault}")
        return NULL
