"""The questions and quizzes of a course folder: checked, loaded, and written back."""
