"""What happens in the hall now: who sits, questions on the big screen, what to teach again tomorrow."""
