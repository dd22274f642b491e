"""Users, mailboxes, failed mails, outgoing mails and the trail, for admins."""
