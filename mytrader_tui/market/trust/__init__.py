"""What of all that is said may be believed: validation of prints, and two sources held against each other."""
