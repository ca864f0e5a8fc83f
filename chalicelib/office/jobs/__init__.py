"""Jobs of the desk: what takes longer than a page may, done in turns by a function of its own (docs/decisions/0071)."""
