"""The French of the desk and of `clef`: sentences by code, labels, lines and tables."""
