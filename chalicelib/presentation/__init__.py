"""Sentences, labels, lines and tables in French, for pages and for the command line."""
