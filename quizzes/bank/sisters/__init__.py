"""The parallel form of a quiz: found, made as a draft, held against the first."""
