"""The pages of families of teaching."""
