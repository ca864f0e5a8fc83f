"""The re-enrolment of a season: its period, answers, required documents, submissions and decisions."""
