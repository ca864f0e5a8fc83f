"""Files of rows, as French spreadsheets and the schools' software write them, read and written: CSV and XLSX."""
