"""Entries of the Lambda functions that answer pages, but for the families' (`app.py`)."""
