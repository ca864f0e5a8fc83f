"""The web layer of payments."""
