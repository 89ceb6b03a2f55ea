"""Visitors, in a process of their own: a plan as JSON on stdin, what each of them was answered as JSON on stdout.

    {"address": "http://127.0.0.1:…", "requests": [{"path": …, "fields": {…}, "form": …}, …],
     "together": true, "visitors": 80, "seconds": 10, "again": 5, "pressed": "file"}

A request without `fields` is a GET. One with `form` opens that page first, keeps its signed stamp and fills it in for
as long as people need at least; requests with the same `person` send the same stamp. `together`: everybody sends at the
same moment; else `visitors` of them take one request after another, for so many `seconds`. Who gets no answer presses
the button again, up to `again` times. The file `pressed` is touched when the first button is.

Standard library only, this machine only.
"""

import http.client
import json
import re
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

SECONDS_TO_FILL_IN = 2.1
SECONDS_TO_ANSWER = 60
STAMP = re.compile(r'name="stamp" value="([^"]+)"')


class Crowd:
    def __init__(self, plan: dict):
        parts = urlsplit(plan["address"])
        if parts.hostname != "127.0.0.1":
            raise ValueError("only this machine is stormed")
        self.host, self.port = parts.hostname, parts.port
        self.requests = plan["requests"]
        self.pressed = Path(plan["pressed"])
        self.again = plan.get("again", 0)
        self.visitors = plan.get("visitors", len(self.requests))
        self.start = threading.Barrier(self.visitors) if plan.get("together") else None
        self.deadline = time.monotonic() + plan.get("seconds", 3600)
        self.lock = threading.Lock()
        self.turns = iter(range(len(self.requests)))
        self.stamps = {}
        self.answers = [{"status": None} for _request in self.requests]

    def storm(self) -> list[dict]:
        threads = [threading.Thread(target=self.visit) for _number in range(self.visitors)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self.answers

    def visit(self):
        while (number := self.next_turn()) is not None:
            request = self.requests[number]
            fields = request.get("fields")
            if "form" in request:
                fields = {**fields, "stamp": self.stamp_of(request)}
                time.sleep(SECONDS_TO_FILL_IN)
            if self.start:
                self.start.wait(SECONDS_TO_ANSWER)
            self.pressed.touch()
            self.answers[number] = self.send(request, fields)

    def next_turn(self) -> int | None:
        with self.lock:
            return next(self.turns, None) if time.monotonic() < self.deadline else None

    def stamp_of(self, request: dict) -> str:
        if person := request.get("person"):
            with self.lock:
                if person not in self.stamps:
                    self.stamps[person] = self.open_form(request["form"])
                return self.stamps[person]
        return self.open_form(request["form"])

    def open_form(self, path: str) -> str:
        answer = self.send({"path": path}, None)
        return found[1] if (found := STAMP.search(answer["text"])) else ""

    def send(self, request: dict, fields: dict | None) -> dict:
        """`status` is 0 where no answer came; times are seconds of one clock."""
        sent_at, tries = time.monotonic(), 1
        while not (answer := self.ask(request, fields)) and tries <= self.again:
            time.sleep(0.2)
            tries += 1
        times = {"tries": tries, "sent_at": sent_at, "answered_at": time.monotonic()}
        return {**(answer or {"status": 0, "text": ""}), **times}

    def ask(self, request: dict, fields: dict | None) -> dict | None:
        """None where the connection broke."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=SECONDS_TO_ANSWER)
        headers, body = request.get("headers", {}), None
        if fields is not None:
            headers, body = {"Content-Type": "application/x-www-form-urlencoded", **headers}, urlencode(fields)
        try:
            connection.request("GET" if body is None else "POST", request["path"], body, headers)
            response = connection.getresponse()
            text = response.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        return {"status": response.status, "location": response.getheader("Location", ""), "text": text}


if __name__ == "__main__":
    json.dump(Crowd(json.load(sys.stdin)).storm(), sys.stdout)
