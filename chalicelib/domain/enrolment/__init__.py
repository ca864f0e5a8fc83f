"""The re-enrolment of a season: its period, the answers, the documents asked for, what is sent and decided."""
