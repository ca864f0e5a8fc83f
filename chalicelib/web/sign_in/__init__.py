"""Families' other ways in, and their lists of open sessions: one blueprint per flow."""
