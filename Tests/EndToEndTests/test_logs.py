"""The log for machines: each line is JSON, and one about an execution says which, and in which state."""
import json

from service import ROLE, wait_until

HANDLERS = '''
def speaks(event, context):
    print("what a handler prints")
    raise ValueError("bad")
'''


def test_lines_about_an_execution_say_which_and_in_which_state(new_service, folder):
    (folder / "handlers.py").write_text(HANDLERS)
    (folder / "functions.json").write_text(json.dumps(
        {"functions": {"Speaks": {"runtime": "python", "handler": "handlers.speaks"}}}
    ))
    service = new_service(functions=folder / "functions.json", words=["--log-format", "json"]).start()
    definition = {"StartAt": "Speak", "States": {"Speak": {
        "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:Speaks", "End": True,
    }}}
    client = service.boto3()
    machine = client.create_state_machine(name="speaks", roleArn=ROLE, definition=json.dumps(definition))
    arn = client.start_execution(stateMachineArn=machine["stateMachineArn"])["executionArn"]
    assert service.wait(arn)["status"] == "FAILED"

    def lines():
        """The whole lines of the log that are not announcements to people."""
        text = service.process.text()
        return [json.loads(line) for line in text[:text.rfind("\n") + 1].splitlines() if line.startswith("{")]

    def failure():
        return [line for line in lines() if line["message"] == "an execution failed"]

    (failed,) = wait_until(failure, 60, "the line about the failure")
    assert (failed["execution"], failed["state"], failed["error"]) == (arn, "Speak", "ValueError")
    printed = [line for line in lines() if "what a handler prints" in line["message"]]
    assert [(line["execution"], line["state"], line["level"]) for line in printed] == [(arn, "Speak", "info")]
    for line in lines():
        assert {"time", "level", "label", "message"} <= line.keys()
