"""Teaching: who teaches whom, when; rolls, opinions, assessments, and what a course is told."""
