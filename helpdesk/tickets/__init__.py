"""What a ticket may become: states, numbering, actions, search."""
