"""The acts of a teacher, one file each: courses and pupils, the roll, opinions, assessments, messages."""
