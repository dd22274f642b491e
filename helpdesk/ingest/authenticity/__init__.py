"""Whether a mail comes from the domain in its From, found out by ourselves: SPF, DKIM, DMARC, ARC.

For mailboxes where no host that we trust says it (`sender_checks = "ourselves"`). It runs where a mail is
prepared; what it finds goes on as a value, and `origin` judges by it without asking anybody.
"""
