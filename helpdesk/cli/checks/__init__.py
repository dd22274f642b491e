"""What `helpdesk doctor` looks at: one file a subject, each check a function that gives findings."""
