"""Free places: what each institution has, what it had, and how it confirms its numbers without an account."""
