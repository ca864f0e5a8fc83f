"""Jobs of the desk: long work, done in turns by a function of its own (docs/how/desk.md)."""
