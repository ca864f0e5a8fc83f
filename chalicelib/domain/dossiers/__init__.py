"""The shared part of a re-enrolment and an application: the documents of a dossier, and the office's decisions."""
