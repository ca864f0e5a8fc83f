"""The shared part of decisions and documents: of a family's re-enrolment, or a new family's application."""
