"""The acts of families of teaching."""
