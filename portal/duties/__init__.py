"""The office's calendar of duties: what the law wants each year or once in a while, by when, and whose it is."""
