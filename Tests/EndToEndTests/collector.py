"""A collector of OpenTelemetry's: it takes spans by OTLP/HTTP in JSON, and keeps them."""
import http.server
import json
import threading


class Collector:
    def __init__(self):
        self.requests = []
        collector = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                collector.requests.append((self.path, dict(self.headers), body))
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    @property
    def spans(self):
        """All spans so far; their attributes as plain values."""
        found = []
        for _, _, body in list(self.requests):
            for resource in body["resourceSpans"]:
                for scope in resource["scopeSpans"]:
                    found += [Span(span) for span in scope["spans"]]
        return found

    def of(self, arn):
        return [span for span in self.spans if span["braid.execution.arn"] == arn]


class Span:
    def __init__(self, json):
        self.trace, self.id, self.parent = json["traceId"], json["spanId"], json.get("parentSpanId")
        self.name, self.kind, self.code = json["name"], json["kind"], json["status"].get("code", 0)
        self.start, self.end = int(json["startTimeUnixNano"]), int(json["endTimeUnixNano"])
        self.attributes = {
            item["key"]: item["value"].get("stringValue", item["value"].get("intValue")) for item in json["attributes"]
        }

    def __getitem__(self, name):
        return self.attributes.get(name)
