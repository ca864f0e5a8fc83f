"""The services of teaching."""
