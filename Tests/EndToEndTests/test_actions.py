"""Every action and paginator of AWS's own service model, by boto3 and by the AWS CLI; and what is refused, by the model."""
import contextlib
import http.client
import io
import json
import os
import re

import botocore.session
import pytest
from awscli.clidriver import create_clidriver
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

from service import ENVIRONMENT
from walk import walk

MODEL = botocore.session.Session().get_service_model("stepfunctions")
PAGINATORS = set(botocore.session.Session().get_component("data_loader").load_service_model(
    "stepfunctions", "paginators-1")["pagination"])


def test_boto3_walks_every_action_and_paginator(service):
    client = service.boto3(config=Config(inject_host_prefix=False, retries={"total_max_attempts": 1}))
    called, paged = set(), set()
    client.meta.events.register("before-call.stepfunctions", lambda model, **_: called.add(model.name))

    def call(action, **members):
        return getattr(client, xform_name(action))(**members)

    def pages(action, key, size, **members):
        paged.add(action)
        paginator = client.get_paginator(xform_name(action))
        return [page[key] for page in paginator.paginate(**members, PaginationConfig={"PageSize": size})]

    def refused(action, **members):
        with pytest.raises(ClientError) as error:
            call(action, **members)
        return error.value.response["Error"]["Code"]

    walk(call, pages, refused)

    assert called == set(MODEL.operation_names)
    assert paged == PAGINATORS


def test_the_aws_cli_walks_every_action(service, monkeypatch):
    """In one process: the CLI takes a second to load."""
    for name in [name for name in os.environ if name.startswith("AWS_") and name != "AWS_DATA_PATH"]:
        monkeypatch.delenv(name)
    for name, value in ENVIRONMENT.items():
        if name.startswith("AWS_"):
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL_SFN", service.endpoint)
    monkeypatch.setenv("AWS_DISABLE_HOST_PREFIX_INJECTION", "true")
    called = set()

    def run(words, action, members):
        called.add(action)
        driver = create_clidriver()
        output, errors = io.StringIO(), io.StringIO()
        command = ["stepfunctions", xform_name(action, "-"), "--cli-input-json", json.dumps(members), *words]
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
            status = driver.main([*command, "--output", "json"])
        return status, output.getvalue(), errors.getvalue()

    def call(action, **members):
        status, output, errors = run([], action, members)
        assert status == 0, f"{action} {members}: {errors}"
        return json.loads(output) if output.strip() else {}

    def pages(action, key, size, **members):
        status, output, errors = run(["--page-size", str(size)], action, members)
        assert status == 0, f"{action} {members}: {errors}"
        listed = json.loads(output)[key]
        # The CLI puts the pages together again.
        return [listed[at : at + size] for at in range(0, len(listed), size)] or [[]]

    def refused(action, **members):
        status, _, errors = run([], action, members)
        assert status == 255, f"{action} {members}"
        return re.search(r"\((\w+)\)", errors)[1]

    walk(call, pages, refused)

    assert called == set(MODEL.operation_names)


# What is wrong with a request, as the model has it.


def post(service, action, body, method="POST", path="/", headers=()):
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
    try:
        fields = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"AWSStepFunctions.{action}", **dict(headers)}
        fields = {name: value for name, value in fields.items() if value is not None}
        connection.request(method, path, body if isinstance(body, (str, bytes)) else json.dumps(body), fields)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def error(service, action, body, **more):
    status, text = post(service, action, body, **more)
    answer = json.loads(text)
    return status, answer.get("__type", "").split("#")[-1], answer.get("message", "")


def sample(shape):
    """A value that meets a shape's constraints, with the required members only."""
    if shape.type_name == "structure":
        return {name: sample(shape.members[name]) for name in shape.required_members}
    if shape.type_name == "list":
        return [sample(shape.member)] * max(1, shape.metadata.get("min", 1))
    return {
        "string": lambda: (shape.enum or ["x" * max(1, shape.metadata.get("min", 1))])[0],
        "boolean": lambda: True,
    }.get(shape.type_name, lambda: shape.metadata.get("min", 1))()


def violations(shape, path=()):
    """Where a structure's members can break the model, with what: (path, value, constraint)."""
    for name, member in shape.members.items():
        here = (*path, name)
        limits = member.metadata
        if name in shape.required_members:
            yield here, None, "must not be null"
        if member.type_name == "string":
            if member.enum:
                yield here, "no word of these", "must satisfy enum value set: ["
            if limits.get("min", 0) > 0:
                yield here, "", f"must have length greater than or equal to {limits['min']}"
            if "max" in limits:
                yield here, "x" * (limits["max"] + 1), f"must have length less than or equal to {limits['max']}"
        elif member.type_name in ("integer", "long", "float"):
            if "min" in limits:
                yield here, limits["min"] - 1, f"must have value greater than or equal to {limits['min']}"
            if "max" in limits:
                yield here, limits["max"] + 1, f"must have value less than or equal to {limits['max']}"
        elif member.type_name == "structure":
            yield from violations(member, here)
        elif member.type_name == "list":
            if "max" in limits:
                yield here, [sample(member.member)] * (limits["max"] + 1), f"less than or equal to {limits['max']}"
            if member.member.type_name == "structure":
                yield from violations(member.member, (*here, 0))


def broken(action, path, value):
    """A request that breaks the model at one place only."""
    shape = MODEL.operation_model(action).input_shape
    request = sample(shape)
    if action == "ListExecutions":
        request["stateMachineArn"] = "x"
    place, inner = request, shape
    for step in path[:-1]:
        inner = inner.member if step == 0 else inner.members[step]
        if step == 0:
            place = place[0]
        else:
            place = place.setdefault(step, sample(inner))
    if value is None:
        place.pop(path[-1], None)
    else:
        place[path[-1]] = value
    return request


@pytest.mark.parametrize("action", MODEL.operation_names)
def test_each_constraint_of_the_model_is_held(service, action):
    seen = 0
    for path, value, constraint in violations(MODEL.operation_model(action).input_shape):
        status, name, message = error(service, action, broken(action, path, value))
        where = ".".join("1.member" if step == 0 else step for step in path)
        assert (status, name) == (400, "ValidationException"), (path, constraint, name, message)
        assert f"at '{where}' failed to satisfy constraint: Member" in message and constraint in message, (path, message)
        seen += 1
    assert seen or not MODEL.operation_model(action).input_shape.members


@pytest.mark.parametrize("action", MODEL.operation_names)
def test_a_member_of_another_type_is_a_serialization_error(service, action):
    shape = MODEL.operation_model(action).input_shape
    for name, member in shape.members.items():
        wrong = 1 if member.type_name == "string" else "text"
        status, error_name, message = error(service, action, {**sample(shape), name: wrong})
        assert (status, error_name) == (400, "SerializationException"), (name, error_name, message)


@pytest.mark.parametrize("action", [name for name in MODEL.operation_names
                                    if "nextToken" in MODEL.operation_model(name).input_shape.members])
def test_a_token_of_another_list_is_refused(service, action):
    """Of a list that can be named, so that nothing else is wrong with the request."""
    client = service.boto3()
    definition = json.dumps({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}})
    role = "arn:aws:iam::123456789012:role/test"
    for n in range(2):
        machine = client.create_state_machine(name=f"tokens-{n}", definition=definition, roleArn=role)["stateMachineArn"]
    execution = client.start_execution(stateMachineArn=machine)["executionArn"]
    client.create_activity(name="tokens-0")
    client.create_activity(name="tokens-1")
    foreign = client.list_activities(maxResults=1) if action == "ListStateMachines" else client.list_state_machines(
        maxResults=1)
    members = MODEL.operation_model(action).input_shape.members
    request = {"nextToken": foreign["nextToken"]}
    if "executionArn" in members:
        request["executionArn"] = execution
    elif "stateMachineArn" in members:
        request["stateMachineArn"] = machine
    assert error(service, action, request) == (400, "InvalidToken", "Invalid Token: 'Invalid token'")


NOTHING = {"X-Amz-Target": None, "Content-Type": None}


@pytest.mark.parametrize(
    "request_, status, name",
    [
        ({"action": "MakeCoffee", "body": "{}"}, 400, "UnknownOperationException"),
        ({"action": "", "body": "{}"}, 400, "UnknownOperationException"),
        ({"action": "", "body": "{}", "headers": {"X-Amz-Target": None}}, 400, "UnknownOperationException"),
        ({"action": "", "body": "{}", "headers": {"X-Amz-Target": "DynamoDB_20120810.ListTables"}}, 400,
         "UnknownOperationException"),
        ({"action": "ListActivities", "body": "{}", "headers": {"Content-Type": "text/plain"}}, 400,
         "UnknownOperationException"),
        ({"action": "ListActivities", "body": "{}", "headers": {"Content-Type": None}}, 400, "UnknownOperationException"),
        ({"action": "ListActivities", "body": "{}", "path": "/elsewhere"}, 400, "UnknownOperationException"),
        ({"action": "ListActivities", "body": "{}", "method": "PUT"}, 400, "UnknownOperationException"),
        ({"action": "ListActivities", "body": "{}", "method": "DELETE"}, 400, "UnknownOperationException"),
        ({"action": "ListActivities", "body": "{}", "method": "PATCH"}, 400, "UnknownOperationException"),
        ({"action": "ListActivities", "body": "{}", "method": "OPTIONS"}, 400, "UnknownOperationException"),
        ({"action": "ListActivities", "body": "{}", "method": "BREW"}, 400, "UnknownOperationException"),
        ({"action": "ListActivities", "body": ""}, 400, "SerializationException"),
        ({"action": "ListActivities", "body": "{"}, 400, "SerializationException"),
        ({"action": "ListActivities", "body": "[]"}, 400, "SerializationException"),
        ({"action": "ListActivities", "body": "null"}, 400, "SerializationException"),
        ({"action": "ListActivities", "body": b'{"nextToken": "\xff"}'}, 400, "SerializationException"),
        ({"action": "ListActivities", "body": "[" * 1_000_000}, 400, "SerializationException"),
        ({"action": "ListActivities", "body": " " * 20_000_000 + "{}"}, 413, "RequestEntityTooLargeException"),
    ],
    ids=lambda value: str(value)[:70],
)
def test_what_is_no_request_is_answered(service, request_, status, name):
    assert error(service, **request_)[:2] == (status, name)
