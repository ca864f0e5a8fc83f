"""`clef export all` and `clef import all`: a whole stage to a folder of open formats, and into an empty stage."""
