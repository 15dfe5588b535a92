"""As much of S3 as tests need beside a folder of objects: buckets are made, objects are put and read."""
import base64
import email.utils
import hashlib
import http.server
import os
import pathlib
import threading
import urllib.parse
import zlib


def attribute(file, name):
    """What Braid keeps with a file; None where it keeps nothing."""
    try:
        return os.getxattr(file, name).decode()
    except OSError:
        return None


class Buckets:
    """Serves a folder, in which each bucket is a folder, as `--objects` has it."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        buckets = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_PUT(self):
                path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path).strip("/")
                body = self.body()
                target = buckets.folder / path
                if "/" in path:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(body)
                else:
                    target.mkdir(parents=True, exist_ok=True)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_GET(self):
                path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path).strip("/")
                file = buckets.folder / path
                if not file.is_file():
                    self.send_error(404)
                    return
                content = file.read_bytes()
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.send_header("Content-Type", attribute(file, "user.mime_type") or "binary/octet-stream")
                self.send_header("Accept-Ranges", "bytes")
                self.send_header("ETag", f'"{hashlib.md5(content).hexdigest()}"')
                self.send_header("Last-Modified", email.utils.formatdate(file.stat().st_mtime, usegmt=True))
                self.send_header("x-amz-checksum-crc32", base64.b64encode(zlib.crc32(content).to_bytes(4)).decode())
                self.send_header("x-amz-checksum-type", "FULL_OBJECT")
                self.send_header("x-amz-server-side-encryption", "AES256")
                self.end_headers()
                self.wfile.write(content)

            def body(self):
                if "aws-chunked" not in self.headers.get("Content-Encoding", ""):
                    return self.rfile.read(int(self.headers.get("Content-Length") or 0))
                whole = b""
                while True:
                    size = int(self.rfile.readline().split(b";")[0], 16)
                    if size == 0:
                        while self.rfile.readline().strip():
                            pass
                        return whole
                    whole += self.rfile.read(size)
                    self.rfile.readline()

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
