"""A mail server that does what the client's name in EHLO asks for: `p<process>.<fault>.test`. Run as
`python -m tests.sourcing.smtp_server LOG`; prints its port, and writes a line of JSON for every mail it has accepted.

Faults: defer-rcpt, defer-data (4xx), refuse-mail, refuse-data, no-mailbox (5xx), hang-rcpt, hang-data, drop-rcpt,
drop-mid, lost (accepted, and the answer is lost), kill-ehlo, kill-mail, kill-rcpt, kill-data, kill-mid, kill-end,
kill-accepted, kill-answered (the client's process is killed at that step).
"""

import asyncio
import json
import os
import signal
import sys
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


def fault(session: Session) -> str:
    return (session.host_name or "..").split(".")[1]


def kill(session: Session) -> None:
    pid = int((session.host_name or "p0").split(".")[0].removeprefix("p"))
    os.kill(pid, signal.SIGKILL)


def drop(server: SMTP) -> None:
    transport: Any = server.transport
    transport.abort()


class Handler:
    def __init__(self, log: Path) -> None:
        self.log = log

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        await self.at(server, session, "ehlo")
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self.at(server, session, "mail")
        if fault(session) == "refuse-mail":
            return "550 5.7.1 Not from you"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self.at(server, session, "rcpt")
        asked = {"defer-rcpt": "450 4.2.0 Greylisted", "no-mailbox": "550 5.1.1 Nobody here"}
        if fault(session) in asked:
            return asked[fault(session)]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        asked = {"defer-data": "451 4.3.0 Not now", "refuse-data": "554 5.6.0 Not this"}
        if fault(session) in asked:
            return asked[fault(session)]
        await self.at(server, session, "end")
        if fault(session) == "kill-end":
            return "451 4.3.0 You are dead"
        if fault(session) == "hang-data":
            await asyncio.sleep(60)
        message = message_from_bytes(envelope.original_content or b"")
        with self.log.open("a") as file:
            file.write(json.dumps({"to": envelope.rcpt_tos[0], "id": message["Message-ID"]}) + "\n")
        if fault(session) == "lost":
            drop(server)
        await self.at(server, session, "accepted")
        if fault(session) == "kill-answered":
            asyncio.get_running_loop().call_later(0.001, kill, session)
        return "250 OK"

    async def at(self, server: SMTP, session: Session, step: str) -> None:
        """Kill, hang or drop where that is asked for at this step."""
        if fault(session) == f"kill-{step}":
            kill(session)
            drop(server)
        elif fault(session) == f"drop-{step}":
            drop(server)
        elif fault(session) == f"hang-{step}":
            await asyncio.sleep(60)


class Server(SMTP):
    """aiosmtpd's, which can also end in the middle of a mail."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        session: Any = self.session
        if fault(session) == "kill-data":
            kill(session)
        if not fault(session).endswith("-mid"):
            await super().smtp_DATA(arg)
            return
        await self.push("354 Go on")
        await self._reader.readexactly(100)
        if fault(session) == "kill-mid":
            kill(session)
        drop(self)


async def main(log: Path) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Server(Handler(log), loop=loop), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
