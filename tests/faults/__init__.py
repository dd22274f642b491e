"""Whatever breaks, and wherever: afterwards there are the same tickets, messages and mails as without it.

Elsewhere: SMTP cut before, in and after DATA: tests/outbound/test_deliver.py. IMAP cut in mid-literal:
tests/integration/test_mailbox_reading.py. Disk full: tests/cli/test_full_disk.py, tests/cli/test_faults.py.
Kills at random: tests/integration/test_kill.py.
"""
