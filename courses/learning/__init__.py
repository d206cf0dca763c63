"""What a trainee has done, and the moment it is enough."""
