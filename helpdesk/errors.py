"""The root of the project's typed errors."""


class HelpdeskError(Exception):
    """Something the operator or user can mend: the message says what, where and what to do.

    The command line prints the message alone and exits with 1; anything that is
    not a HelpdeskError is a defect of ours and keeps its traceback.
    """
