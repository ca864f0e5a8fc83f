"""`clef staff`: the staff of the desk on the web."""
