"""The acts of visitors of teaching."""
