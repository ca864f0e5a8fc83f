"""One file for each act of a visitor."""
