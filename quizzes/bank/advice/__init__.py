"""A colleague who knows item writing: a rule a module, all in `rules`, put to a question by `asking`."""
