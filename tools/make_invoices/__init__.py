"""Fictitious invoices: a list and its PDFs, to try an import and the page « Facturation » with."""
