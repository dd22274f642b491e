"""Birth dates by step: how dates are written, what says that one is a birth, and whose or what's birth it is."""
