"""As much of S3 as tests need to fill a folder of objects: buckets are made, objects are put."""
import http.server
import pathlib
import threading
import urllib.parse


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
