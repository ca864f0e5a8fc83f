"""Invoices and payments: the bills of a family, and the list of invoices that they come from."""
