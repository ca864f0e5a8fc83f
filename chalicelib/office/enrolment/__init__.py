"""The office and the re-enrolment: its period, what was sent, what is decided of it, its documents and its report."""
