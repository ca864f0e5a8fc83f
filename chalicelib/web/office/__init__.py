"""The desk on the web: the pages of staff, answered by a function of their own (docs/how/desk.md)."""
