"""Tasks that call S3: performed by the object store of the process, a folder with a folder for each bucket."""
import json

DEFINITION = {
    "QueryLanguage": "JSONata",
    "StartAt": "Put",
    "States": {
        "Put": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:s3:putObject",
            "Arguments": {"Bucket": "reports", "Key": "{% $states.input.day & '/total.json' %}",
                          "Body": {"total": "{% $sum($states.input.amounts) %}"}, "ContentType": "application/json"},
            "Output": "{% $states.input %}",
            "Next": "List",
        },
        "List": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:s3:listObjectsV2",
            "Arguments": {"Bucket": "reports", "Prefix": "{% $states.input.day %}"},
            "Output": "{% $states.result.Contents[0].Key %}",
            "Next": "Get",
        },
        "Get": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:s3:getObject",
            "Arguments": {"Bucket": "reports", "Key": "{% $states.input %}"},
            "Output": "{% {'type': $states.result.ContentType, 'body': $parse($states.result.Body)} %}",
            "Next": "GetNone",
        },
        "GetNone": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:s3:getObject",
            "Arguments": {"Bucket": "reports", "Key": "none"},
            "Catch": [{"ErrorEquals": ["S3.NoSuchKeyException"], "Output": "{% $states.input %}", "Next": "Done"}],
            "End": True,
        },
        "Done": {"Type": "Succeed"},
    },
}
INPUT = {"day": "2026-11-21", "amounts": [12, 7, 30]}
OUTPUT = {"type": "application/json", "body": {"total": 49}}


def test_a_workflow_writes_lists_and_reads_objects(service, folder):
    bucket = service.data / "objects" / "reports"
    bucket.mkdir(parents=True)
    definition = folder / "reporting.asl.json"
    definition.write_text(json.dumps(DEFINITION))
    service.braid("deploy", definition)
    ended = service.run("reporting", INPUT)
    assert ended["status"] == "SUCCEEDED"
    assert json.loads(ended["output"]) == OUTPUT
    assert json.loads((bucket / "2026-11-21" / "total.json").read_text()) == {"total": 49}


def test_a_run_in_memory_has_the_store_that_it_is_given(service, folder):
    (folder / "store" / "reports").mkdir(parents=True)
    definition = folder / "reporting.asl.json"
    definition.write_text(json.dumps(DEFINITION))
    words = ["run", definition, "--input", json.dumps(INPUT)]
    assert json.loads(service.braid(*words, "--objects", folder / "store")) == OUTPUT
    assert "needs an object store: --objects PLACE names one" in service.braid(*words, status=1)
