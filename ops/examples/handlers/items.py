"""The steps of process-items, process-many-items, item-selector and tolerated-failures."""
import flaky


class InvalidRecord(Exception):
    pass


def process(item, context):
    """Fails as often as the item says before it succeeds; by default never."""
    attempt = flaky.attempt(item.get("token"))
    if attempt <= item.get("failures", 0):
        raise RuntimeError(f"attempt {attempt} failed")
    return {"id": item["id"], "processed": True, "attempt": attempt}


def process_selected(event, context):
    text = event["item"].upper() if event["config"]["format"] == "upper" else event["item"]
    return {"batchId": event["batchId"], "index": event["index"], "item": text}


def process_record(record, context):
    if not record["valid"]:
        raise InvalidRecord(f"record {record['id']} is not valid")
    return {"id": record["id"], "processed": True}
