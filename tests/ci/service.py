"""Requests -> the comments of one pull request: what the actions and templates ask of GitHub and GitLab, on this machine."""

import http.server
import json
import re
import threading

TOKEN = "a-token"


class Service(http.server.ThreadingHTTPServer):
    """Its comments are at `comments`, newest last; each request is at `requests` as `METHOD path`."""

    def __init__(self, comments=()):
        super().__init__(("127.0.0.1", 0), Handler)
        self.comments = [dict(c) for c in comments]
        self.requests = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, code, value):
        body = json.dumps(value).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle_request(self):
        server, path = self.server, self.path
        server.requests.append(f"{self.command} {path}")
        if TOKEN not in (self.headers.get("PRIVATE-TOKEN"), self.headers.get("Authorization", "").removeprefix("Bearer ")):
            return self.answer(403, {"message": "Resource not accessible by integration"})
        length = int(self.headers.get("Content-Length") or 0)
        sent = json.loads(self.rfile.read(length)) if length else None
        if self.command == "GET" and path == "/user":
            return self.answer(200, {"id": 7})
        if self.command == "GET" and re.search(r"/(issues|merge_requests)/12/(comments|notes)\?", path):
            page = int((re.search(r"[?&]page=(\d+)", path) or [0, 1])[1])
            return self.answer(200, server.comments[(page - 1) * 100 : page * 100])
        if self.command == "POST" and re.search(r"/(issues|merge_requests)/12/(comments|notes)$", path):
            made = {"id": 1000 + len(server.comments), "body": sent["body"], "user": {"type": "Bot"},
                    "author_association": "NONE", "author": {"id": 7}}
            server.comments.append(made)
            return self.answer(201, made)
        change = re.search(r"/(?:issues/comments|merge_requests/12/notes)/(\d+)$", path)
        if self.command in ("PATCH", "PUT") and change:
            [comment] = [c for c in server.comments if c["id"] == int(change[1])]
            comment["body"] = sent["body"]
            return self.answer(200, comment)
        return self.answer(404, {"message": "Not Found"})

    do_GET = do_POST = do_PATCH = do_PUT = handle_request

    def log_message(self, *arguments):
        pass
