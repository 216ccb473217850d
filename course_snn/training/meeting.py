"""Where the processes of a team meet: a store that one process serves and all others reach over the network."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from datetime import timedelta

import torch.distributed as dist

FAREWELL = timedelta(seconds=2)
HERE = "127.0.0.1"
LIBUV = sys.platform != "win32"  # torch is built without it there


class TeamError(RuntimeError):
    """A process of the team failed, was killed or never came; the message says which one and why.

    Args:
        message: what to tell.
        rank: of the process with which it began, None if that is not known.
    """

    def __init__(self, message: str, rank: int | None = None) -> None:
        super().__init__(message)
        self.rank = rank


def hosted_here(port: int = 0) -> dist.TCPStore:
    """Return a store that this process serves to its own machine alone, on a free port unless one is given."""
    listening = socket.socket()  # torch itself would listen to the whole network
    if sys.platform != "win32":  # where it would let two servers share a port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((HERE, port))
    listening.listen()
    port = listening.getsockname()[1]
    return dist.TCPStore(
        HERE,
        port,
        is_master=True,
        wait_for_workers=False,
        master_listen_fd=listening.detach(),
        use_libuv=LIBUV,
    )


def meeting_point(rank: int, size: int, restart: int, timeout: timedelta) -> dist.Store:
    """Return the store of this attempt, once every process has come to it.

    Raises:
        TeamError: nobody is there, or some do not come; it names them.
    """
    address, port = os.environ.get("MASTER_ADDR", HERE), os.environ.get("MASTER_PORT")
    if port is None:
        raise TeamError("RANK and WORLD_SIZE are set, MASTER_PORT is not: start with torchrun, or with launch.")
    try:
        store = _store(rank, address, int(port), timeout)
    except dist.DistError as error:
        raise TeamError(f"rank {rank} of {size} found no store at {address}:{port}: {error}", rank) from None
    store = dist.PrefixStore(f"attempt {restart}", store)
    store.set(f"rank {rank}", "here")
    try:
        store.wait([f"rank {other}" for other in range(size)], timeout)
    except dist.DistError:
        missing = [other for other in range(size) if not store.check([f"rank {other}"])]
        raise TeamError(
            f"rank {rank} of {size} waited {timeout.total_seconds():g} s at {address}:{port} for rank "
            f"{', '.join(map(str, missing))}, which did not come. Start all {size}, with the same MASTER_ADDR and "
            "MASTER_PORT.",
            missing[0] if missing else None,
        ) from None
    return store


def part(store: dist.Store, rank: int, size: int) -> None:
    """Return when all processes are done, or soon: who closes first could cut off what others are still reading."""
    with contextlib.suppress(dist.DistError):
        store.set(f"rank {rank} is done", "yes")
        store.wait([f"rank {other} is done" for other in range(size)], FAREWELL)


def _store(rank: int, address: str, port: int, timeout: timedelta) -> dist.TCPStore:
    served = os.environ.get("TORCHELASTIC_USE_AGENT_STORE") == "True"  # by torchrun or launch, which outlive us
    if rank == 0 and not served and address in (HERE, "localhost"):
        return hosted_here(port)
    master = rank == 0 and not served
    return dist.TCPStore(address, port, is_master=master, timeout=timeout, wait_for_workers=False, use_libuv=LIBUV)
