"""`clef families export|erase|erasures|purge`: the data held on a family, and its end."""
