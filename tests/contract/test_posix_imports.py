"""nippo runs on Windows too: nothing that only POSIX has is imported or named."""

import ast

from source_trees import nodes

MODULES = {
    "crypt", "curses", "fcntl", "grp", "nis", "posix", "pty", "pwd", "readline", "resource", "spwd", "syslog", "termios",
    "tty",
}  # fmt: skip
NAMES = {
    "os": {
        "O_DIRECTORY", "O_NOFOLLOW", "chown", "chroot", "fchmod", "fchown", "fork", "forkpty", "getegid", "geteuid",
        "getgid", "getgroups", "getpgid", "getpgrp", "getppid", "getsid", "getuid", "killpg", "lchown", "mkfifo",
        "mknod", "nice", "openpty", "posix_spawn", "setpgid", "setsid", "statvfs", "sync", "uname", "wait", "wait3",
    },
    "signal": {"SIGALRM", "SIGCHLD", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGWINCH", "alarm"},
    "time": {"tzset"},
}  # fmt: skip


def test_no_module_that_only_posix_has_is_imported():
    """Neither at the top of a file nor inside a function."""
    found = []
    for where, node in nodes():
        if isinstance(node, ast.Import):
            found += [(where, alias.name) for alias in node.names if alias.name.partition(".")[0] in MODULES]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found += [(where, node.module)] if (node.module or "").partition(".")[0] in MODULES else []
            found += [(where, a.name) for a in node.names if a.name in NAMES.get(node.module or "", ())]
    assert found == []


def test_nothing_that_only_posix_has_is_named():
    """`os.getuid`, `signal.SIGHUP`…: a name that is asked for by `getattr` with a fallback is no such name."""
    found = [
        (where, f"{node.value.id}.{node.attr}")
        for where, node in nodes()
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.attr in NAMES.get(node.value.id, ())
    ]
    assert found == []
