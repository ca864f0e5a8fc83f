"""`clef invoices`: the list of invoices and their PDFs."""
