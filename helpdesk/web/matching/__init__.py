"""Mail to be matched: it names several tickets, or somebody else's, and an agent says where it belongs."""
