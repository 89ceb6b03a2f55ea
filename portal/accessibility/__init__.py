"""What the two accessibility acts ask of a public body's site: the statement as data, and the rules that check it."""
