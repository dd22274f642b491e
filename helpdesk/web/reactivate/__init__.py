"""The page of the link in a resolution mail, with one button."""
