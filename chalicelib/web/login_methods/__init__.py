"""Families' login methods, and their lists of open sessions: one blueprint per flow."""
