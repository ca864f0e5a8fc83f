"""Invoices: imported to the families' files with their PDFs, and removed one by one."""
