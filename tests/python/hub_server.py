"""A hub on the loopback: what ovbake and huggingface_hub ask of huggingface.co, answered as it does.

Small files come from the hub itself. Large ones (safetensors, and what a test says) come from a second
host that knows them by their digest, wants a signed URL, and takes no token. Every misbehaviour is a
Fault that a test adds. `python hub_server.py FOLDER [BYTES_A_SECOND]` serves a folder as org/model.
"""

import dataclasses
import gzip
import hashlib
import http.server
import json
import mmap
import pathlib
import re
import socket
import sys
import threading
import time
import urllib.parse

PAGE = 1000
PIECE = 1 << 16


def git_id(content):
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def mapped(path):
    """The bytes of a file of any size."""
    if path.stat().st_size == 0:
        return b""
    with open(path, "rb") as file:
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


class HubFile:
    def __init__(self, content, large):
        self.content = mapped(content) if isinstance(content, pathlib.Path) else content
        self.large = large
        self.sha256 = getattr(content, "sha256", None) or hashlib.sha256(self.content).hexdigest()
        pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n" % (
            self.sha256.encode(), len(self.content))
        self.oid = git_id(pointer if large else self.content)
        self.etag = self.sha256 if large else self.oid

    def entry(self, path):
        entry = {"type": "file", "oid": self.oid, "size": len(self.content), "path": path}
        if self.large:
            entry["lfs"] = {"oid": self.sha256, "size": len(self.content), "pointerSize": 134}
        return entry


class Holes:
    """A large file that nobody holds: zeros behind a header."""

    def __init__(self, header, size):
        self.header, self.size = header, size
        self.sha256 = hashlib.sha256(header).hexdigest()

    def __len__(self):
        return self.size

    def __getitem__(self, part):
        known = self.header[part]
        return known + bytes(part.stop - part.start - len(known))


class Model:
    """A repository: contents (bytes or paths) by name."""

    def __init__(self, files, token=None, gated=False):
        self.token, self.gated = token, gated
        self.commits, self.refs = {}, {}
        self.commit(files)

    def commit(self, files, ref="main"):
        made = {name: HubFile(content, large=name.endswith((".safetensors", ".bin")))
                for name, content in files.items()}
        tree = "".join(f"{name} {file.etag}\n" for name, file in sorted(made.items()))
        sha = hashlib.sha1(tree.encode("utf-8", "surrogateescape")).hexdigest()
        self.commits[sha] = made
        self.refs[ref] = sha
        return sha

    def resolve(self, revision):
        revision = self.refs.get(revision, revision)
        return revision if revision in self.commits else None


@dataclasses.dataclass
class Fault:
    """What goes wrong with the next `times` answers whose "host path" fits `where`."""

    where: str
    times: int = 1
    status: int | None = None  # instead of the answer
    headers: dict = dataclasses.field(default_factory=dict)  # in place of what is there
    delay: float = 0  # before the answer
    cut_after: int | None = None  # bytes of the body, then the line breaks
    stall_after: int | None = None  # bytes of the body, then nothing for stall seconds
    stall: float = 0
    claim_bytes: int = 0  # in Content-Length, beyond what is there
    damage: bool = False  # the first byte of the body is another
    gzip: bool = False
    ignore_range: bool = False


class Hub:
    """Two servers and what they saw. `requests` holds (host, method, path, headers) tuples."""

    def __init__(self, bytes_a_second=None, tls=None):
        self.models, self.faults, self.requests = {}, [], []
        self.page = None  # a function of a URL of the list of files: its entries, and its Link header
        self.bytes_sent = 0
        self.rate = bytes_a_second
        self.lock = threading.Lock()
        self.free_at = 0.0
        scheme = "https" if tls else "http"
        self.servers = {}
        self.urls = {}
        for host, name in (("hub", "127.0.0.1"), ("cdn", "localhost")):
            server = Server(("127.0.0.1", 0), handler_of(self, host))
            if tls:
                server.socket = tls.wrap_socket(server.socket, server_side=True)
            self.servers[host] = server
            self.urls[host] = f"{scheme}://{name}:{server.server_port}"
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        self.endpoint = self.urls["hub"]

    def close(self):
        for server in self.servers.values():
            server.shutdown()
            server.server_close()

    def fault(self, where, **what):
        self.faults.append(Fault(where, **what))

    def take_fault(self, what):
        with self.lock:
            for fault in self.faults:
                if fault.times > 0 and re.search(fault.where, what):
                    fault.times -= 1
                    return fault
        return Fault("")

    def wait_turn(self, count):
        """Keeps both hosts together below the rate."""
        with self.lock:
            self.bytes_sent += count
            if not self.rate:
                return
            now = time.monotonic()
            self.free_at = max(now, self.free_at) + count / self.rate
            wait = self.free_at - now
        time.sleep(wait)

    def seen(self, pattern):
        """The requests whose "host method path" fits."""
        return [request for request in self.requests if re.search(pattern, " ".join(request[:3]))]


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        pass


class Answer(Exception):
    def __init__(self, status, body=b"", **headers):
        self.status, self.body = status, body
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def refuse(status, code, message):
    return Answer(status, json.dumps({"error": message}).encode(),
                  X_Error_Code=code, X_Error_Message=message, Content_Type="application/json")


def handler_of(hub, host):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self):
            super().setup()
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def log_message(self, *arguments):
            pass

        def do_HEAD(self):
            self.answer()

        def do_GET(self):
            self.answer()

        def answer(self):
            hub.requests.append((host, self.command, self.path, self.headers))
            fault = hub.take_fault(f"{host} {self.path} {self.headers.get('Range', '')}")
            time.sleep(fault.delay)
            try:
                if fault.status:
                    raise Answer(fault.status, b"no")
                serve = self.serve_hub if host == "hub" else self.serve_cdn
                serve(urllib.parse.urlsplit(self.path))
            except Answer as answer:
                self.send(answer, fault)

        # ---- the hub ----

        def token(self):
            return self.headers.get("Authorization", "").removeprefix("Bearer ") or None

        def model(self, name):
            model = hub.models.get(name)
            if model is None or (model.token and self.token() != model.token and not model.gated):
                if self.token() is None:
                    raise refuse(401, "RepoNotFound", "Invalid username or password.")
                raise refuse(404, "RepoNotFound", "Repository not found")
            return model

        def files(self, model, revision):
            sha = model.resolve(urllib.parse.unquote(revision))
            if sha is None:
                raise refuse(404, "RevisionNotFound", f"Invalid rev id: {revision}")
            return sha, model.commits[sha]

        def serve_hub(self, url):
            if match := re.fullmatch(r"/api/models/(.+?)/tree/([^/]+)", url.path):
                return self.serve_tree(url, *match.groups())
            if match := re.fullmatch(r"/api/models/(.+?)(?:/revision/([^/]+))?", url.path):
                name = match[1]
                sha, files = self.files(self.model(name), match[2] or "main")
                info = {"_id": "0", "id": name, "modelId": name, "sha": sha, "private": False,
                        "gated": hub.models[name].gated and "manual", "tags": [], "downloads": 0,
                        "siblings": [{"rfilename": path} for path in files]}
                raise Answer(200, json.dumps(info).encode(), Content_Type="application/json")
            if match := re.fullmatch(r"/(.+?)/resolve/([^/]+)/(.+)", url.path):
                return self.serve_file(*match.groups())
            raise Answer(404)

        def serve_tree(self, url, name, revision):
            _, files = self.files(self.model(name), revision)
            if hub.page:
                entries, link = hub.page(f"{hub.endpoint}{self.path}")
                raise Answer(200, json.dumps(entries).encode(), Content_Type="application/json",
                             **({"Link": link} if link else {}))
            entries = [file.entry(path) for path, file in files.items()]
            folders = {path.rsplit("/", 1)[0] for path in files if "/" in path}
            entries += [{"type": "directory", "oid": "0" * 40, "size": 0, "path": path}
                        for path in sorted(folders)]
            query = urllib.parse.parse_qs(url.query)
            begin = int(query.get("cursor", ["0"])[0])
            headers = {}
            if begin + PAGE < len(entries):
                query = urllib.parse.urlencode({"recursive": "True", "cursor": begin + PAGE})
                headers["Link"] = f'<{hub.endpoint}{url.path}?{query}>; rel="next"'
            raise Answer(200, json.dumps(entries[begin:begin + PAGE]).encode(),
                         Content_Type="application/json", **headers)

        def serve_file(self, name, revision, path):
            model = self.model(name)
            sha, files = self.files(model, revision)
            if model.gated and self.token() != model.token:
                raise refuse(401 if self.token() is None else 403, "GatedRepo",
                             f"Access to model {name} is restricted.")
            file = files.get(urllib.parse.unquote(path))
            if file is None:
                raise refuse(404, "EntryNotFound", "Entry not found")
            headers = {"X_Repo_Commit": sha, "Accept_Ranges": "bytes"}
            if file.large:
                location = f"{hub.urls['cdn']}/{file.sha256}?Expires=1&Signature=s3cr3t"
                raise Answer(302, b"Found. Redirecting", Location=location, ETag=f'"{file.oid}"',
                             X_Linked_Size=len(file.content), X_Linked_ETag=f'"{file.etag}"',
                             **headers)
            self.serve_content(file.content, ETag=f'"{file.etag}"', **headers)

        # ---- the host of large files ----

        def serve_cdn(self, url):
            if "Authorization" in self.headers:
                raise Answer(400, b"Only one auth mechanism allowed")
            if "Signature=s3cr3t" not in url.query:
                raise Answer(403, b"Access denied")
            for model in hub.models.values():
                for files in model.commits.values():
                    for file in files.values():
                        if file.large and url.path == f"/{file.sha256}":
                            self.serve_content(file.content, ETag=f'"{file.sha256[:32]}-1"')
            raise Answer(404)

        def serve_content(self, content, **headers):
            wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
            if wanted is None:
                raise Answer(200, content, **headers)
            begin = int(wanted[1])
            end = min(int(wanted[2] or len(content)) + 1, len(content))
            if begin >= len(content):
                raise Answer(416, Content_Range=f"bytes */{len(content)}")
            answer = Answer(206, content[begin:end],
                            Content_Range=f"bytes {begin}-{end - 1}/{len(content)}", **headers)
            answer.whole = content
            raise answer

        # ---- the wire ----

        def send(self, answer, fault):
            status, body, headers = answer.status, answer.body, answer.headers
            if fault.ignore_range and status == 206:
                status, body = 200, answer.whole
                headers.pop("Content-Range")
            if fault.damage:
                body = bytes([body[0] ^ 1]) + bytes(body[1:])
            if fault.gzip:
                body = gzip.compress(body)
                headers["Content-Encoding"] = "gzip"
            headers["Content-Length"] = len(body) + fault.claim_bytes
            headers.update(fault.headers)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.send_body(memoryview(body), fault)

        def send_body(self, body, fault):
            for begin in range(0, len(body), PIECE):
                piece = body[begin:begin + PIECE]
                for limit in (fault.cut_after, fault.stall_after):
                    if limit is not None:
                        piece = piece[:max(0, limit - begin)]
                hub.wait_turn(len(piece))
                self.wfile.write(piece)
                if fault.stall_after is not None and begin + PIECE > fault.stall_after:
                    time.sleep(fault.stall)
                if len(piece) < min(PIECE, len(body) - begin):
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
            if fault.claim_bytes:
                self.close_connection = True

    return Handler


class Proxy:
    """A proxy that tunnels (CONNECT) to where `routes` says, or to where it is asked to."""

    def __init__(self, routes):
        self.asked = []
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *arguments):
                pass

            def do_CONNECT(self):
                proxy.asked.append(self.path)
                host, port = routes.get(self.path, self.path).split(":")
                with socket.create_connection((host, int(port))) as server:
                    self.send_response(200)
                    self.end_headers()
                    back = threading.Thread(target=pump, args=(server, self.connection))
                    back.start()
                    pump(self.connection, server)
                    back.join()

        self.server = Server(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def pump(source, target):
    """Hands on what comes until no more does."""
    try:
        while piece := source.recv(PIECE):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def folder_files(folder):
    return {path.relative_to(folder).as_posix(): path
            for path in sorted(pathlib.Path(folder).rglob("*")) if path.is_file()}


if __name__ == "__main__":
    served = Hub(float(sys.argv[2]) if len(sys.argv) > 2 else None)
    served.models["org/model"] = Model(folder_files(sys.argv[1]))
    print(served.endpoint, flush=True)
    threading.Event().wait()
