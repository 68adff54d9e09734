"""Which hosts Python processes really ask: an audit hook in every process of a tree, which no code in it can take off again."""

from __future__ import annotations

import ipaddress
import json
from pathlib import Path
from typing import Any

HOOK = """
import json, os, sys
_out = os.open(os.environ["CALLS_TO"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
def _note(event, args):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        asked = args[1]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        asked = args[0]
    else:
        return
    asked = asked[0] if isinstance(asked, tuple) else asked
    asked = asked.decode() if isinstance(asked, bytes) else asked
    os.write(_out, (json.dumps({"event": event, "asked": asked, "process": sys.orig_argv[1:5]}) + "\\n").encode())
os.write(_out, (json.dumps({"event": "start", "asked": None, "process": sys.orig_argv[1:5]}) + "\\n").encode())
sys.addaudithook(_note)
"""


def recording(folder: Path) -> dict[str, str]:
    """The environment that makes a process and those it starts write down whom they ask, in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sitecustomize.py").write_text(HOOK, encoding="utf-8")
    return {"PYTHONPATH": str(folder), "CALLS_TO": str(folder / "calls.jsonl")}


def calls(folder: Path) -> list[dict[str, Any]]:
    """What was written down: `event`, whom it `asked`, and the command of the `process`."""
    return [json.loads(line) for line in (folder / "calls.jsonl").read_text(encoding="utf-8").splitlines()]


def outside(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The calls that leave this machine, or would if the name were one that somebody answers to."""
    return [call for call in found if call["event"] != "start" and not _is_here(call["asked"])]


def _is_here(asked: str | None) -> bool:
    if not asked or asked in ("localhost", "testserver") or asked.startswith("/"):
        return True
    try:
        address = ipaddress.ip_address(asked)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
