"""Presentation: French sentences, templates, typography, calendars and print."""
