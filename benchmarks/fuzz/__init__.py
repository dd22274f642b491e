"""A mutation fuzzer for everything that reads what a stranger sent.

    python -m benchmarks.fuzz --minutes 60

Real and hostile mails are changed at random and read as the road reads them. What must never
happen is a defect: another exception than the agreed one, a hang, or too much memory for one mail.
"""
