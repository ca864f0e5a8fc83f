"""The office layer of payments."""
