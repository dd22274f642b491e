"""One ticket: its conversation and what an agent does with it."""
