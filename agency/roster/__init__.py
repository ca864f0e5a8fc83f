"""`clef families import`: the yearly file."""
