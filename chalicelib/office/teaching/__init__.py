"""What the office does about teaching: timetables made anew, names linked, courses lent, lessons cancelled."""
