"""What Terraform's provider for AWS asks of a service, replayed as a list: Terraform itself is no package of the test's machine.

The requests are those of the provider's resources aws_sfn_state_machine, aws_sfn_activity and aws_sfn_alias, as its SDK for Go
writes them, from the provider's own first question (whose account is this?) to what it waits for after a deletion.
"""
import http.client
import json
import re
import uuid
import xml.etree.ElementTree as XML

import pytest

from service import ROLE, ROOT, wait_until

PASS = json.dumps({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}})
OTHER = json.dumps({"StartAt": "S", "States": {"S": {"Type": "Succeed"}}})
AGENT = "APN/1.0 HashiCorp/1.0 Terraform/1.9.8 terraform-provider-aws/5.80.0 aws-sdk-go-v2/1.32.5"


class Provider:
    """Sends what the provider sends."""

    def __init__(self, service):
        self.port = service.port

    def send(self, headers, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            signed = "AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/states/aws4_request, SignedHeaders=host, Signature=0"
            fields = {"User-Agent": AGENT, "Authorization": signed, "Amz-Sdk-Request": "attempt=1; max=25", **headers}
            connection.request("POST", "/", body, fields)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def identity(self):
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        status, text = self.send(form, "Action=GetCallerIdentity&Version=2011-06-15")
        assert status == 200, text
        return text

    def ask(self, action, **members):
        headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"AWSStepFunctions.{action}"}
        status, text = self.send(headers, json.dumps(members))
        return status, json.loads(text)

    def get(self, action, **members):
        status, answer = self.ask(action, **members)
        assert status == 200, (action, answer)
        return answer

    def refused(self, action, **members):
        status, answer = self.ask(action, **members)
        assert status == 400, (action, answer)
        return answer["__type"].split("#")[-1]


@pytest.fixture
def provider(service):
    return Provider(service)


def test_the_provider_asks_whose_account_it_works_on(service, provider):
    answer = XML.fromstring(provider.identity())
    found = {element.tag.split("}")[1]: element.text for element in answer.iter() if element.text}
    assert found["Account"] == "123456789012"
    assert found["Arn"] == "arn:aws:iam::123456789012:root"
    assert service.boto3("sts").get_caller_identity()["Account"] == "123456789012"


def test_what_sts_is_not_asked_for_is_refused_in_its_protocol(provider):
    form = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    for body in ("Action=AssumeRole&Version=2011-06-15", "Action=%3CAct%26ion%3E", "", "nonsense"):
        status, text = provider.send(form, body)
        codes = [element.text for element in XML.fromstring(text).iter() if element.tag.endswith("}Code")]
        assert (status, codes) == (400, ["InvalidAction"])


def test_aws_sfn_state_machine(provider):
    """apply, plan, apply of a change, destroy."""
    name = f"terraform-{uuid.uuid4()}"
    tags = [{"key": "team", "value": "a"}, {"key": "stage", "value": "test"}]
    found = provider.get("ValidateStateMachineDefinition", definition=PASS, type="STANDARD")
    assert found["result"] == "OK"
    created = provider.get(
        "CreateStateMachine", definition=PASS, name=name, publish=True, roleArn=ROLE, tags=tags, type="STANDARD",
        loggingConfiguration={"includeExecutionData": False, "level": "OFF"},
        tracingConfiguration={"enabled": False}, encryptionConfiguration={"type": "AWS_OWNED_KEY"},
    )
    arn = created["stateMachineArn"]

    def read():
        machine = provider.get("DescribeStateMachine", stateMachineArn=arn)
        versions = provider.get("ListStateMachineVersions", stateMachineArn=arn, maxResults=1)["stateMachineVersions"]
        return machine, versions[0]["stateMachineVersionArn"], provider.get("ListTagsForResource", resourceArn=arn)["tags"]

    machine, version, held = read()
    assert (machine["definition"], machine["roleArn"], machine["status"]) == (PASS, ROLE, "ACTIVE")
    assert machine["loggingConfiguration"] == {"level": "OFF", "includeExecutionData": False}
    assert machine["tracingConfiguration"] == {"enabled": False}
    assert machine["encryptionConfiguration"] == {"type": "AWS_OWNED_KEY"}
    assert (version, sorted(tag["key"] for tag in held)) == (created["stateMachineVersionArn"], ["stage", "team"])

    updated = provider.get(
        "UpdateStateMachine", stateMachineArn=arn, definition=OTHER, publish=True, roleArn=ROLE,
        loggingConfiguration={"includeExecutionData": False, "level": "OFF"},
        tracingConfiguration={"enabled": False}, encryptionConfiguration={"type": "AWS_OWNED_KEY"},
    )
    # The provider waits until it reads what it wrote.
    machine, version, _ = read()
    assert (machine["definition"], version) == (OTHER, updated["stateMachineVersionArn"])
    assert machine["revisionId"] == updated["revisionId"]
    provider.get("UntagResource", resourceArn=arn, tagKeys=["stage"])
    provider.get("TagResource", resourceArn=arn, tags=[{"key": "team", "value": "b"}])
    assert provider.get("ListTagsForResource", resourceArn=arn)["tags"] == [{"key": "team", "value": "b"}]

    provider.get("DeleteStateMachine", stateMachineArn=arn)
    wait_until(lambda: provider.ask("DescribeStateMachine", stateMachineArn=arn)[0] == 400, 30, "the deletion")
    assert provider.refused("DescribeStateMachine", stateMachineArn=arn) == "StateMachineDoesNotExist"


def test_aws_sfn_activity(provider):
    arn = provider.get(
        "CreateActivity", name=f"terraform-{uuid.uuid4()}", tags=[{"key": "team", "value": "a"}],
        encryptionConfiguration={"type": "AWS_OWNED_KEY"},
    )["activityArn"]
    assert provider.get("DescribeActivity", activityArn=arn)["activityArn"] == arn
    assert provider.get("ListTagsForResource", resourceArn=arn)["tags"] == [{"key": "team", "value": "a"}]
    provider.get("DeleteActivity", activityArn=arn)
    assert provider.refused("DescribeActivity", activityArn=arn) == "ActivityDoesNotExist"


def test_aws_sfn_alias(provider):
    created = provider.get(
        "CreateStateMachine", definition=PASS, name=f"terraform-{uuid.uuid4()}", publish=True, roleArn=ROLE,
        type="STANDARD",
    )
    first = created["stateMachineVersionArn"]
    second = provider.get(
        "UpdateStateMachine", stateMachineArn=created["stateMachineArn"], definition=OTHER, publish=True,
    )["stateMachineVersionArn"]
    alias = provider.get(
        "CreateStateMachineAlias", name="live", description="",
        routingConfiguration=[{"stateMachineVersionArn": first, "weight": 100}],
    )["stateMachineAliasArn"]
    assert provider.get("DescribeStateMachineAlias", stateMachineAliasArn=alias)["name"] == "live"
    routes = [{"stateMachineVersionArn": first, "weight": 50}, {"stateMachineVersionArn": second, "weight": 50}]
    provider.get("UpdateStateMachineAlias", stateMachineAliasArn=alias, routingConfiguration=routes)
    assert provider.get("DescribeStateMachineAlias", stateMachineAliasArn=alias)["routingConfiguration"] == routes
    provider.get("DeleteStateMachineAlias", stateMachineAliasArn=alias)
    assert provider.refused("DescribeStateMachineAlias", stateMachineAliasArn=alias) == "ResourceNotFound"


def test_the_data_sources(provider):
    """aws_sfn_state_machine, aws_sfn_activity and aws_sfn_state_machine_versions find by listing."""
    name = f"terraform-{uuid.uuid4()}"
    arn = provider.get("CreateStateMachine", definition=PASS, name=name, roleArn=ROLE, publish=True)["stateMachineArn"]
    token, names = None, []
    while True:
        page = provider.get("ListStateMachines", **({"nextToken": token} if token else {}))
        names += [machine["name"] for machine in page["stateMachines"]]
        token = page.get("nextToken")
        if not token:
            break
    assert name in names
    assert len(provider.get("ListStateMachineVersions", stateMachineArn=arn)["stateMachineVersions"]) == 1
    assert "activities" in provider.get("ListActivities")
    provider.get("DeleteStateMachine", stateMachineArn=arn)


def test_the_guide_shows_the_provider_block():
    guide = (ROOT / "ops/guides/api.md").read_text(encoding="utf-8")
    block = re.search(r"^```hcl\n(.*?)^```$", guide, re.M | re.S)[1]
    assert block.count("{") == block.count("}")
    assert re.search(r"\bsfn\s*=", block) and re.search(r"\bsts\s*=", block)
