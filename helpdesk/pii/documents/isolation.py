"""How a child shuts itself in before it sees a file; called once, after all imports.

What is in force depends on the machine, so `shut_in` tells it as data for `doctor`.
Everything here is Linux; elsewhere only the resource limits hold.
"""

import ctypes
import os
import resource
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from helpdesk.pii.documents import syscalls
from helpdesk.pii.documents.values import Limits

NOBODY = 65_534
PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 4, 38
CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWNET, CLONE_NEWIPC = 0x20000, 0x10000000, 0x40000000, 0x8000000
OPEN_FILES = 32
THREADS = 512  # of this user on the whole machine, as the kernel counts
SPARE_CPU_SECONDS = 2


def shut_in() -> dict[str, bool]:
    """Give up what reading a file does not need; answers what could be given up."""
    os.setpriority(os.PRIO_PROCESS, 0, 10)
    done = {
        "no_network": _try(_leave_network),
        "no_files": _try(_leave_files),
        "unprivileged": _try(_become_nobody),
        "no_new_privileges": _try(lambda: _prctl(PR_SET_NO_NEW_PRIVS, 1)),
        "few_system_calls": _try(syscalls.forbid),
    }
    done["no_network"] = done["no_network"] or done["few_system_calls"]
    _try(lambda: _prctl(PR_SET_DUMPABLE, 0))
    _fixed_limits(THREADS if done["few_system_calls"] else 0)
    return done


def limit_for(limits: Limits) -> None:
    """The limits of the one document that comes next: CPU from now on, and memory."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + limits.cpu_seconds + SPARE_CPU_SECONDS
    _soft(resource.RLIMIT_CPU, seconds)
    if sys.platform == "linux":
        _soft(resource.RLIMIT_AS, limits.memory_mb * 2**20)


def _fixed_limits(processes: int) -> None:
    """`processes` counts threads too; where only the limit stands against a fork, it is none."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_NPROC, (processes, processes))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def _soft(which: int, value: int) -> None:
    _, hard = resource.getrlimit(which)
    resource.setrlimit(which, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _leave_network() -> None:
    if os.geteuid() == 0:
        _call("unshare", CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWNS)
    else:
        _call("unshare", CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWNS)


def _leave_files() -> None:
    """Make an empty, already deleted folder the whole file system."""
    empty = tempfile.mkdtemp(prefix="helpdesk-")
    try:
        os.chdir(empty)
    finally:
        Path(empty).rmdir()
    os.chroot(".")
    os.getcwd = lambda: "/"  # the kernel has no name for a deleted folder, and py7zr asks for one


def _become_nobody() -> None:
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    _drop_capabilities()


def _drop_capabilities() -> None:
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this process
    _call("capset", header, (ctypes.c_uint32 * 6)())


def _prctl(option: int, value: int) -> None:
    _call("prctl", option, ctypes.c_ulong(value), 0, 0, 0)


def _call(name: str, *arguments: Any) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, name)(*arguments) != 0:
        raise OSError(ctypes.get_errno(), name)


def _try(step: Callable[[], None]) -> bool:
    try:
        step()
    except (OSError, AttributeError):  # not permitted here, or no such call on this system
        return False
    return True
