"""What a teacher does, one file for each thing: the own courses and pupils, the roll, opinions, words."""
