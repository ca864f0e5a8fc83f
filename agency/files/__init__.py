"""Readers of the yearly file, as French spreadsheets and the schools' software write it: CSV and XLSX."""
