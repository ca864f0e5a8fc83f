"""`clef staff`: who works at the desk on the web."""
