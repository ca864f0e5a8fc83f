"""`clef desk` and `clef families changes`: the secretary on the telephone."""
