"""The engine's API for one command: `python -m flows.engine_server FD` answers on that socket, and ends with its standard input."""

from __future__ import annotations

import os
import signal
import sys
import threading


def main() -> None:
    """Serve until standard input closes, which it does however the command ends, also when it is killed."""
    import uvicorn
    from prefect.server.api.server import create_app

    threading.Thread(target=_end_with_input, daemon=True).start()
    uvicorn.run(create_app(ephemeral=True, final=True), fd=int(sys.argv[1]), log_level="error")


def _end_with_input() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
