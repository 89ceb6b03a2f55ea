"""A mail server in a process of its own: python smtp_sink.py PORT FILE

Writes a line of JSON into FILE for every letter that it has taken over. While FILE.silent exists it does not answer any
more once a letter has come: with "before" in it the letter is not taken over either, with "after" it is. FILE.heard
then says that somebody waits for the answer.
"""

import asyncio
import json
import sys
from email import message_from_bytes, policy
from pathlib import Path

from aiosmtpd.smtp import SMTP


class Inbox:
    def __init__(self, file: Path):
        self.file = file
        self.silent, self.heard = file.with_suffix(".silent"), file.with_suffix(".heard")

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  the library's name
        silence = self.silent.read_text() if self.silent.exists() else ""
        if silence != "before":
            self.keep(envelope)
        if silence:
            self.heard.touch()
            await asyncio.Event().wait()
        return "250 OK"

    def keep(self, envelope):
        letter = message_from_bytes(envelope.content, policy=policy.default)
        line = {"to": envelope.rcpt_tos[0], "id": letter["Message-ID"], "subject": letter["Subject"]}
        with self.file.open("a") as file:
            file.write(json.dumps(line) + "\n")


async def serve(port: int, file: Path):
    inbox = Inbox(file)
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(inbox), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
