"""Ports of this host for programs that a test starts, ends and starts again."""

import random
import socket
from pathlib import Path


def free_port():
    """One that nobody has, and below those that the system gives to callers: of theirs, one may be a caller's before a restart is done."""
    given = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii").split()[0])
    ours = range(max(1024, given - 12000), given) or range(20000, 30000)
    while True:
        port = random.SystemRandom().choice(ours)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
