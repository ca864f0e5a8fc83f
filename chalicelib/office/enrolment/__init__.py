"""The office and the re-enrolment: its periods, decisions, documents, export and report."""
