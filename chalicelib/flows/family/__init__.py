"""Flows of families: logging in, passwords, coordinates, the re-enrolment, lessons."""
