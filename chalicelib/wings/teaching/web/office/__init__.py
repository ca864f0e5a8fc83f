"""The pages of the desk of teaching."""
