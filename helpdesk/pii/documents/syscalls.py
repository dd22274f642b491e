"""A seccomp filter (seccomp(2), classic BPF) that refuses what a reader never does.

Refused with EPERM: opening sockets, starting programs, tracing, mounting, loading keys.
It needs no privilege, so it holds where namespaces are forbidden, as in most containers.
"""

import ctypes
import errno
import platform
import struct
import sys

PR_SET_SECCOMP, FILTER_MODE = 22, 2
LOAD, JUMP_EQUAL, JUMP_FROM, JUMP_ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL = 0x7FFF0000, 0x80000000
REFUSE, UNKNOWN = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
NUMBER_AT, ARCHITECTURE_AT, FIRST_ARGUMENT_AT = 0, 4, 16

#: Audit architecture; clone; clone3; then the numbers of: socket, connect, bind, listen, accept, accept4, execve,
#: execveat, ptrace, process_vm_readv, process_vm_writev, mount, unshare, setns, bpf, io_uring_setup, keyctl,
#: add_key, request_key, kill, and where there are any fork and vfork. (tgkill stays: abort() needs it.)
NUMBERS: dict[str, tuple[int, int, int, tuple[int, ...]]] = {
    "x86_64": (
        0xC000003E,
        56,
        435,
        (41, 42, 49, 50, 43, 288, 59, 322, 101, 310, 311, 165, 272, 308, 321, 425, 250, 248, 249, 62, 57, 58),
    ),
    "aarch64": (
        0xC00000B7,
        220,
        435,
        (198, 203, 200, 201, 202, 242, 221, 281, 117, 270, 271, 40, 97, 268, 280, 425, 219, 217, 218, 129),
    ),
}
CLONE_THREAD = 0x10000
X32_NUMBERS = 0x40000000  # the same calls under other numbers


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def forbid() -> None:
    """Install the filter; OSError where this system has none. no_new_privs must be set."""
    known = NUMBERS.get(platform.machine()) if sys.platform == "linux" else None
    if known is None:
        raise OSError(errno.ENOSYS, "seccomp")
    code = _program(*known)
    held = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.cast(held, ctypes.c_void_p))
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(PR_SET_SECCOMP, ctypes.c_ulong(FILTER_MODE), ctypes.byref(program), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "seccomp")


def _program(architecture: int, clone: int, clone3: int, numbers: tuple[int, ...]) -> bytes:
    """Threads may be started (the HEIC decoder needs them), processes not; clone3 hides its flags, so it is
    told to be unknown, and the C library takes clone."""
    count = len(numbers)
    steps = [
        (LOAD, 0, 0, ARCHITECTURE_AT),
        (JUMP_EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER_AT),
        (JUMP_FROM, count + 5, 0, X32_NUMBERS),
        *((JUMP_EQUAL, count + 4 - at, 0, number) for at, number in enumerate(numbers)),
        (JUMP_EQUAL, 5, 0, clone3),
        (JUMP_EQUAL, 0, 2, clone),
        (LOAD, 0, 0, FIRST_ARGUMENT_AT),
        (JUMP_ANY_BIT, 0, 1, CLONE_THREAD),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, REFUSE),
        (RETURN, 0, 0, UNKNOWN),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
