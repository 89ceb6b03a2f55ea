"""The clerk's desk: the pages of the admin on which people are registered, moved, counted and written to."""
