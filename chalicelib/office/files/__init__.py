"""Files of rows, as French spreadsheets and the schools' software write them: CSV and XLSX, read."""
