"""Telling every family, each once: the campaign, its audience, and how far families have come since."""
