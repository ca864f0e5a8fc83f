"""`clef period`, `clef enrolments`, `clef families purge-documents`: the re-enrolment as the office runs it."""
