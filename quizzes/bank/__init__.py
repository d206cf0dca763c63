"""The question bank and the quizzes made from it."""
