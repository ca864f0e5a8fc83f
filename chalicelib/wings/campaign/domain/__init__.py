"""Campaigns to all families, each written to once: their audience, and the families' progress since."""
