"""Starts the demo marketplace. Run as `python -m sourcing.demo --port 8900`."""

import argparse
import sys

from sourcing.demo.server import Market, make_server
from sourcing.demo.state import STEP_S


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sourcing.demo", description="A marketplace with simulated data.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8900, help="0 = any free one")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another market")
    parser.add_argument("--step-seconds", type=int, default=STEP_S, help="how long prices stay as they are")
    asked = parser.parse_args()
    if not 0 <= asked.port <= 65_535 or asked.step_seconds < 1:
        parser.error("a port is a number up to 65535, a step lasts at least a second")
    try:
        server = make_server(Market(asked.seed, asked.step_seconds), asked.host, asked.port)
    except OSError as taken:
        sys.exit(f"Port {asked.port} cannot be used: {taken.strerror}. Choose another with --port.")
    sys.stdout.write(f"Simulated listings at http://{asked.host}:{server.server_port}/ (Ctrl-C ends it)\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
