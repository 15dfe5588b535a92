"""Work that programs outside fetch: who gets it, and what its tokens survive."""
import json
import threading
import uuid

from service import ROLE


def asking(sfn, **fields):
    """An activity, and a machine whose only state asks for it."""
    name = f"activity-{uuid.uuid4().hex[:8]}"
    activity = sfn.create_activity(name=name)["activityArn"]
    state = {"Type": "Task", "Resource": activity, "End": True, **fields}
    definition = json.dumps({"StartAt": "T", "States": {"T": state}})
    return activity, sfn.create_state_machine(name=name, definition=definition, roleArn=ROLE)["stateMachineArn"]


def test_a_token_outlives_the_death_of_all_processes(new_service):
    service = new_service(functions=None).start()
    sfn = service.boto3()
    activity, machine = asking(sfn, HeartbeatSeconds=120)
    execution = sfn.start_execution(stateMachineArn=machine, input='"work"')["executionArn"]
    task = sfn.get_activity_task(activityArn=activity, workerName="desk")
    assert task["input"] == '"work"'

    service.kill()
    service.start()
    sfn.send_task_heartbeat(taskToken=task["taskToken"])
    sfn.send_task_success(taskToken=task["taskToken"], output='"done"')

    assert service.wait(execution)["output"] == '"done"'
    assert [event["type"] for event in service.history(execution)] == [
        "ExecutionStarted", "TaskStateEntered", "ActivityScheduled", "ActivityStarted", "ActivitySucceeded",
        "TaskStateExited", "ExecutionSucceeded",
    ]


def test_each_task_is_handed_to_one_of_many_pollers(service):
    sfn = service.boto3()
    activity, machine = asking(sfn)
    count, tasks = 30, []
    pollers = [
        threading.Thread(target=lambda: tasks.append(sfn.get_activity_task(activityArn=activity))) for _ in range(count)
    ]
    for poller in pollers:
        poller.start()
    executions = [sfn.start_execution(stateMachineArn=machine, input=str(n))["executionArn"] for n in range(count)]
    for poller in pollers:
        poller.join()

    assert sorted(int(task["input"]) for task in tasks) == list(range(count))
    assert len({task["taskToken"] for task in tasks}) == count
    for task in tasks:
        sfn.send_task_success(taskToken=task["taskToken"], output=task["input"])
    assert [service.wait(arn)["output"] for arn in executions] == [str(n) for n in range(count)]
