"""Teaching: teachers, courses, hours, rolls, opinions, assessments, and messages to a course."""
