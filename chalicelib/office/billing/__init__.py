"""Invoices come in, onto the families' files, with their PDFs; one is taken off again."""
