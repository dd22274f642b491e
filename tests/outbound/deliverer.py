"""A process that delivers until nothing is left: `python -m tests.outbound.deliverer URL FOLDER PORT`.

It says `ready` and waits for a line before it begins.
"""

import sys
import time

from helpdesk import config, services
from helpdesk.outbound.deliver import deliver_due


def main(url: str, folder: str, port: str) -> None:
    smtp = {"host": "127.0.0.1", "port": int(port), "tls": "plaintext"}
    made = services.start(config.load(None, data_folder=folder, database=url, smtp=smtp))
    print("ready", flush=True)
    sys.stdin.readline()
    while True:
        result = deliver_due(made)
        if not (result.busy or result.sent or result.recovered or result.server_error):
            return
        time.sleep(0.01 if result.busy else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
