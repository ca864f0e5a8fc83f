"""The office's side of teaching: timetables, links, loans, cancelled lessons and absences."""
