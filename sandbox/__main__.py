"""Serve the miniature Norway, or a manifest of recordings, on one loopback address."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from sandbox.days import DEFAULT_DAY
from sandbox.exceptions import SandboxError
from sandbox.gateway import Gateway
from sandbox.judge import Judge
from sandbox.recordings import Recordings

EXAMPLES = """examples:
  python -m sandbox serve --seed 7                              the miniature Norway, addresses for people
  python -m sandbox serve --seed 7 --json                       the same, one line of JSON for programs
  python -m sandbox serve --seed 7 --fillers 300 --entries 5000 with 300 boring municipalities
  python -m sandbox serve --country                             20,000 pages and 1,000,000 titles, one page in fifty true
  python -m sandbox serve --country --pages 2000 --titles 50000 the same, small
  python -m sandbox replay recordings/manifest.jsonl --json     recorded answers, 404 for the rest

A client is sent here with DAGSLYS_GATEWAY=<gateway>: it keeps path and query, says the site's name in Host and http or https in
X-Forwarded-Proto. GET <gateway>/__judge__ says which requests broke a host's rules; POST there starts the count anew.
"""


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = top.add_subparsers(dest="verb", required=True)
    serve = verbs.add_parser("serve", help="serve the miniature Norway", epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    serve.add_argument("--seed", type=int, default=1, help="the same seed gives the same world (default 1)")
    serve.add_argument("--day", default=DEFAULT_DAY.isoformat(), help=f"today in that world, YYYY-MM-DD (default {DEFAULT_DAY})")
    serve.add_argument("--fillers", type=int, default=0, metavar="N", help="further boring municipalities (default 0)")
    serve.add_argument("--entries", type=int, default=200, metavar="M", help="journal entries of each of them (default 200)")
    serve.add_argument("--further", action="store_true", help="add the boring bodies on the further platforms")
    serve.add_argument("--country", action="store_true", help="a whole country in which one page in fifty tells of something true")
    serve.add_argument("--pages", type=int, default=20_000, metavar="N", help="pages of the country (default %(default)s)")
    serve.add_argument("--titles", type=int, default=1_000_000, metavar="M", help="journal titles of the country (default %(default)s)")
    serve.add_argument("--folder", type=Path, help="where sources.toml and truth.json are written (default: a temporary folder)")
    replay = verbs.add_parser("replay", help="serve recorded answers", epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    replay.add_argument("manifest", type=Path, help="manifest.jsonl, one exchange a line")
    for verb in (serve, replay):
        verb.add_argument("--port", type=int, default=0, help="default: a free one")
        verb.add_argument("--json", action="store_true", help="print one line of JSON")
        verb.add_argument("--until-stdin-closes", action="store_true", help="end when standard input closes")
    return top


def main(arguments: list[str] | None = None) -> int:
    """0 ended on request, 1 failed, 2 wrong use."""
    given = parser().parse_args(arguments)
    try:
        return _serve(given) if given.verb == "serve" else _replay(given)
    except SandboxError as error:
        print(error, file=sys.stderr)
        return 1


def _serve(given: argparse.Namespace) -> int:
    from sandbox import country, truth, world

    try:
        day = truth.day_of(given.day)
    except ValueError:
        print(f"--day {given.day}: write a day as YYYY-MM-DD", file=sys.stderr)
        return 2
    if given.fillers < 0 or given.entries < 0:
        print("--fillers and --entries must be 0 or more", file=sys.stderr)
        return 2
    if given.country:
        norway = country.build(given.seed, day, pages=given.pages, titles=given.titles)
    else:
        norway = world.build(given.seed, day, fillers=given.fillers, entries=given.entries, further=given.further)
    folder = given.folder or Path(tempfile.mkdtemp(prefix="minstenorge-"))
    sources, facts = truth.write(norway, folder)
    gateway = Gateway(norway.respond, Judge(norway.rules), given.port, packs=True)
    return _until_told(given, gateway, {
        "gateway": gateway.address, "sources": str(sources), "truth": str(facts), "judge": f"{gateway.address}/__judge__", "pid": os.getpid(),
        "seed": given.seed, "day": day.isoformat(),
    })  # fmt: skip


def _replay(given: argparse.Namespace) -> int:
    if not given.manifest.is_file():
        print(f"{given.manifest} is not a file", file=sys.stderr)
        return 2
    recordings = Recordings(given.manifest)
    gateway = Gateway(recordings.respond, None, given.port)
    return _until_told(given, gateway, {"gateway": gateway.address, "hosts": recordings.hosts, "pid": os.getpid()})


def _until_told(given: argparse.Namespace, gateway: Gateway, addresses: dict[str, Any]) -> int:
    """Serve until SIGTERM, SIGINT or, when asked for, the end of standard input."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    if given.until_stdin_closes:
        threading.Thread(target=lambda: (sys.stdin.buffer.read(), ended.set()), daemon=True).start()
    gateway.start()
    text = json.dumps(addresses, ensure_ascii=False) if given.json else "\n".join(f"{k:8} {v}" for k, v in addresses.items())
    print(text, flush=True)
    ended.wait()
    gateway.shutdown()
    gateway.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
