"""braid graph: state machines, and executions of them, as pictures."""
from service import EXAMPLES


def test_a_file_is_drawn_in_each_format(service, folder):
    example = EXAMPLES / "order-validation-catch.asl.json"
    svg = service.braid("graph", example)
    assert "<svg" in svg and ">VerifyAddress</text>" in svg
    assert service.braid("graph", example, "--dot").startswith("digraph {")
    assert service.braid("graph", example, "--mermaid").startswith("flowchart TD")
    service.braid("graph", example, "--png", "--output", folder / "graph.png")
    assert (folder / "graph.png").read_bytes().startswith(b"\x89PNG")


def test_an_execution_is_coloured_by_how_its_states_stand(service):
    service.deploy("order-validation-catch")
    given = {"orderId": "x", "cardNumber": "1", "items": [], "address": {"postcode": "y"}, "amount": 1}
    service.run("order-validation-catch", given)
    dot = service.braid("graph", "--execution", "order-validation-catch:", "--dot")
    by_state = {line.split("<b>")[1].split("</b>")[0]: line for line in dot.splitlines() if "<b>" in line}
    assert 'class="state Parallel caught"' in by_state["ValidateOrder"]
    assert 'class="state Task succeeded"' in by_state["HandleValidationFailure"]
    assert 'class="state Task"' in by_state["ProcessValidation"]


def test_what_cannot_be_drawn_is_said(service, folder):
    (folder / "none.asl.json").write_text("{}")
    assert "no states" in service.braid("graph", folder / "none.asl.json", status=1)
    assert "give either" in service.braid("graph", status=2)
    assert "one of" in service.braid("graph", folder / "none.asl.json", "--svg", "--dot", status=2)
