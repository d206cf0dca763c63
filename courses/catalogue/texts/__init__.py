"""What a machine can see in the words of a course: numbers, spelling, sentences, twins."""
