"""What went wrong, as a sentence: for faults that the operator can mend, not for defects of ours."""

import errno

from sqlalchemy.exc import DatabaseError, OperationalError

from helpdesk.errors import HelpdeskError

FULL = (errno.ENOSPC, errno.EDQUOT)
REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS)
UNREACHABLE = (errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ETIMEDOUT)
DISK_FULL = (
    "The disk is full; make room on it and start again. "
    "Nothing was lost: what was not stored is still in its mailbox."
)
NO_TABLES = "The database does not have this program's tables; run `helpdesk db upgrade`."


def sentence(fault: BaseException) -> str | None:
    """The sentence for a fault, or None when it is a defect that should keep its traceback."""
    if isinstance(fault, HelpdeskError):
        return str(fault)
    if isinstance(fault, OSError):
        return _of_system(fault)
    # the bare DatabaseError is SQLite's for a file that is none, or is damaged
    if isinstance(fault, OperationalError) or type(fault) is DatabaseError:
        return _of_database(fault)
    return None


def _of_system(fault: OSError) -> str | None:
    where = f" {fault.filename}" if fault.filename else ""
    if fault.errno in FULL:
        return DISK_FULL
    if fault.errno in REFUSED:
        return f"The file{where} cannot be used ({fault.strerror}); mend its rights or choose another place."
    if fault.errno in UNREACHABLE:
        return f"A server does not answer ({fault.strerror}); `helpdesk doctor` says which."
    return None


def _of_database(fault: DatabaseError) -> str:
    said = str(fault.orig).strip().split("\n", maxsplit=1)[0]  # the driver's words; the statement stays out
    # SQLITE_FULL, and PostgreSQL's 53100 disk_full
    if "disk is full" in said or "No space left" in said or getattr(fault.orig, "sqlstate", "") == "53100":
        return DISK_FULL
    if "no such table" in said:
        return NO_TABLES
    return f"The database cannot be used ({said}); `helpdesk doctor` says more."
