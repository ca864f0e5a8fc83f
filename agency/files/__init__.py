"""Rows written for French spreadsheets, CSV and XLSX, and folders of PDFs."""
