"""The pages of teaching."""
