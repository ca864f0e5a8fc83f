"""`clef families export|erase|erasures|purge`: what is held on a family, and the end of it."""
