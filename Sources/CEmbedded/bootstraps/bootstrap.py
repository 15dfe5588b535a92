"""Runs a handler written for AWS Lambda: asks the Lambda Runtime API for invocations and answers them, one at a time.

Needs Python 3.11 and nothing else. What is posted for failures has the form of Lambda's own runtime for Python.
"""

import http.client
import importlib
import json
import os
import sys
import time
import traceback
from decimal import Decimal

RUNTIME = "/2018-06-01/runtime"


class Fault(Exception):
    """Why there is no handler to run."""

    def __init__(self, kind, message, trace=()):
        super().__init__(message)
        self.kind = kind
        self.trace = list(trace)


class RuntimeAPI:
    """The worker's side, over one connection that is made anew when it was lost."""

    def __init__(self, address):
        self.address = address
        self.connection = None

    def call(self, method, path, body=None, headers=None):
        reused = self.connection is not None
        try:
            return self._call(method, path, body, headers)
        except (http.client.HTTPException, OSError):
            self.connection = None
            if not reused:
                raise
            return self._call(method, path, body, headers)

    def _call(self, method, path, body, headers):
        if self.connection is None:
            self.connection = http.client.HTTPConnection(self.address)
        self.connection.request(method, RUNTIME + path, body=body, headers=headers or {})
        response = self.connection.getresponse()
        return response.status, response.headers, response.read()


class Identity:
    """Of callers with a mobile application; there are none here."""

    cognito_identity_id = None
    cognito_identity_pool_id = None


class LambdaContext:
    """What a handler is told beside its event."""

    def __init__(self, headers):
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.client_context = None
        self.identity = Identity()
        self._deadline = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self):
        return max(self._deadline - int(time.time() * 1000), 0)


def load(name):
    """The function that `module.function` names."""
    module_name, dot, function_name = name.rpartition(".")
    if not dot:
        raise Fault("Runtime.MalformedHandlerName", f"Bad handler '{name}': it is not of the form 'module.function'")
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        raise Fault("Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}") from error
    except SyntaxError as error:
        where = f'  File "{error.filename}" Line {error.lineno}\n    {error.text}'
        raise Fault("Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {error}", [where]) from error
    try:
        return getattr(module, function_name)
    except AttributeError as error:
        message = f"Handler '{function_name}' missing on module '{module_name}'"
        raise Fault("Runtime.HandlerNotFound", message) from error


def frames(error):
    """The stack, outermost first, from the handler's own code on."""
    found = [(f.filename, f.lineno, f.name, f.line) for f in traceback.extract_tb(error.__traceback__)]
    own = [index for index, frame in enumerate(found) if frame[0] == __file__ or frame[0].startswith("<frozen importlib")]
    while found and own and own[0] == 0:
        found, own = found[1:], [index - 1 for index in own[1:]]
    return traceback.format_list(found)


def failure(message, kind, trace, request_id=""):
    return encoded({"errorMessage": message, "errorType": kind, "requestId": request_id, "stackTrace": trace})


def encoded(value):
    def other(item):
        if isinstance(item, Decimal):
            return int(item) if item == item.to_integral_value() else float(item)
        raise TypeError(f"Object of type {type(item).__name__} is not JSON serializable")

    return json.dumps(value, ensure_ascii=False, default=other, allow_nan=False).encode("utf-8", "surrogatepass")


def answer(handler, event, context):
    """The path that the outcome of one invocation is posted to, and its body."""
    request_id = context.aws_request_id
    try:
        result = handler(json.loads(event), context)
    except Exception as error:  # noqa: BLE001: whatever the handler raises is its invocation's failure
        trace = frames(error)
        print(f"[ERROR] {type(error).__name__}: {error}\nTraceback (most recent call last):\n" + "".join(trace), end="")
        return "error", failure(str(error), type(error).__name__, trace, request_id)
    if isinstance(result, bytes):
        return "response", result
    try:
        return "response", encoded(result)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        return "error", failure(f"Unable to marshal response: {error}", "Runtime.MarshalError", [], request_id)


def main():
    api = RuntimeAPI(os.environ["AWS_LAMBDA_RUNTIME_API"])
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True, errors="backslashreplace")
    sys.path[0] = os.environ.get("LAMBDA_TASK_ROOT") or os.getcwd()
    try:
        handler = load(os.environ["_HANDLER"])
    except Exception as error:  # noqa: BLE001: whatever the module raises while it is imported
        if isinstance(error, Fault):
            kind, trace = error.kind, error.trace
        else:
            kind, trace = type(error).__name__, frames(error)
        print(f"[ERROR] {kind}: {error}\n" + "".join(trace), end="")
        headers = {"Lambda-Runtime-Function-Error-Type": kind}
        api.call("POST", "/init/error", failure(str(error), kind, trace), headers)
        sys.exit(1)
    while True:
        status, headers, event = api.call("GET", "/invocation/next")
        if status != 200:
            sys.exit(1)
        context = LambdaContext(headers)
        if trace_id := headers.get("Lambda-Runtime-Trace-Id"):
            os.environ["_X_AMZN_TRACE_ID"] = trace_id
        path, body = answer(handler, event, context)
        sys.stdout.flush()
        api.call("POST", f"/invocation/{context.aws_request_id}/{path}", body, {"Content-Type": "application/json"})


if __name__ == "__main__":
    try:
        main()
    except (http.client.HTTPException, OSError):
        sys.exit("the worker that this function belongs to is gone")
