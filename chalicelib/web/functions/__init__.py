"""Entries of the Lambda functions that answer pages, except the families' own (`app.py`)."""
