"""Letters: filled from a template, dropped in the post box (SQS), sent by the mailer (SES)."""
