"""The public check: what anybody is told about a certificate, by whichever way they come."""
