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
LOAD, JUMP_EQUAL, JUMP_FROM, RETURN = 0x20, 0x15, 0x35, 0x06
ALLOW, KILL, REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | errno.EPERM
NUMBER_AT, ARCHITECTURE_AT = 0, 4

#: Audit architecture, then the numbers of: socket, connect, bind, listen, accept, accept4, execve,
#: execveat, ptrace, process_vm_readv, process_vm_writev, mount, unshare, setns, bpf, io_uring_setup,
#: keyctl, add_key, request_key, fork, vfork, clone3, kill. (tgkill stays: abort() needs it.)
FORBIDDEN = {
    "x86_64": (
        0xC000003E,
        (
            41,
            42,
            49,
            50,
            43,
            288,
            59,
            322,
            101,
            310,
            311,
            165,
            272,
            308,
            321,
            425,
            250,
            248,
            249,
            57,
            58,
            435,
            62,
        ),
    ),
    "aarch64": (
        0xC00000B7,
        (
            198,
            203,
            200,
            201,
            202,
            242,
            221,
            281,
            117,
            270,
            271,
            40,
            97,
            268,
            280,
            425,
            219,
            217,
            218,
            435,
            129,
        ),
    ),
}
X32_NUMBERS = 0x40000000  # the same calls under other numbers


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def forbid() -> None:
    """Install the filter; OSError where this system has none. no_new_privs must be set."""
    known = FORBIDDEN.get(platform.machine()) if sys.platform == "linux" else None
    if known is None:
        raise OSError(errno.ENOSYS, "seccomp")
    code = _program(*known)
    held = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.cast(held, ctypes.c_void_p))
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(PR_SET_SECCOMP, ctypes.c_ulong(FILTER_MODE), ctypes.byref(program), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "seccomp")


def _program(architecture: int, numbers: tuple[int, ...]) -> bytes:
    steps = [
        (LOAD, 0, 0, ARCHITECTURE_AT),
        (JUMP_EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER_AT),
        (JUMP_FROM, len(numbers) + 1, 0, X32_NUMBERS),
    ]
    for left, number in zip(range(len(numbers), 0, -1), numbers, strict=True):
        steps.append((JUMP_EQUAL, left, 0, number))
    steps += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REFUSE)]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
