"""Letters: filled from a template, posted to a queue (SQS), sent by the mailer (SES)."""
