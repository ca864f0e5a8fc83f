"""`make restore STAGE=… AT=…`: tables and documents as they were at a second, compared and copied back (record 119)."""
