"""What an IG officer does: the quarantine and its decisions."""
