-- Views for people: documented API (README.md), with payloads as json.

-- The name of a history event's type by its stored code (Interpreter's HistoryEventType.code).
CREATE FUNCTION braid.event_type(code integer) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT (ARRAY[
        'ActivityFailed', 'ActivityScheduled', 'ActivityScheduleFailed', 'ActivityStarted', 'ActivitySucceeded',
        'ActivityTimedOut', 'ChoiceStateEntered', 'ChoiceStateExited', 'EvaluationFailed', 'ExecutionAborted',
        'ExecutionFailed', 'ExecutionRedriven', 'ExecutionStarted', 'ExecutionSucceeded', 'ExecutionTimedOut',
        'FailStateEntered', 'LambdaFunctionFailed', 'LambdaFunctionScheduled', 'LambdaFunctionScheduleFailed',
        'LambdaFunctionStarted', 'LambdaFunctionStartFailed', 'LambdaFunctionSucceeded', 'LambdaFunctionTimedOut',
        'MapIterationAborted', 'MapIterationFailed', 'MapIterationStarted', 'MapIterationSucceeded', 'MapRunAborted',
        'MapRunFailed', 'MapRunRedriven', 'MapRunStarted', 'MapRunSucceeded', 'MapStateAborted', 'MapStateEntered',
        'MapStateExited', 'MapStateFailed', 'MapStateStarted', 'MapStateSucceeded', 'ParallelStateAborted',
        'ParallelStateEntered', 'ParallelStateExited', 'ParallelStateFailed', 'ParallelStateStarted',
        'ParallelStateSucceeded', 'PassStateEntered', 'PassStateExited', 'SucceedStateEntered', 'SucceedStateExited',
        'TaskFailed', 'TaskScheduled', 'TaskStarted', 'TaskStartFailed', 'TaskStateAborted', 'TaskStateEntered',
        'TaskStateExited', 'TaskSubmitFailed', 'TaskSubmitted', 'TaskSucceeded', 'TaskTimedOut', 'WaitStateAborted',
        'WaitStateEntered', 'WaitStateExited'
    ])[code]
$$;

-- An event a row, numbered and linked as GetExecutionHistory shows them.
CREATE VIEW braid.execution_history AS
SELECT
    history.execution_id,
    machines.name AS state_machine,
    coalesce(executions.name, executions.execution_id::text) AS execution,
    history.first_event_id + (event.place - 1)::integer AS event_id,
    CASE (event.item ->> 1)::integer
        WHEN 0 THEN 0
        WHEN -1 THEN history.previous_event_id
        ELSE history.first_event_id + (event.item ->> 1)::integer - 1
    END AS previous_event_id,
    history.at,
    history.branch_id,
    braid.event_type((event.item ->> 0)::integer) AS type,
    coalesce(event.item -> 2 ->> 'name', event.item ->> 3, history.state) AS state,
    CASE WHEN json_typeof(event.item -> 2 -> 'input') = 'number'
        THEN split_part(history.payloads, E'\x1e', (event.item -> 2 ->> 'input')::integer)::json END AS input,
    CASE WHEN json_typeof(event.item -> 2 -> 'output') = 'number'
        THEN split_part(history.payloads, E'\x1e', (event.item -> 2 ->> 'output')::integer)::json END AS output,
    CASE WHEN json_typeof(event.item -> 2 -> 'parameters') = 'number'
        THEN split_part(history.payloads, E'\x1e', (event.item -> 2 ->> 'parameters')::integer)::json END AS parameters,
    event.item -> 2 ->> 'error' AS error,
    event.item -> 2 ->> 'cause' AS cause,
    (event.item -> 2 ->> 'index')::integer AS iteration,
    event.item -> 2 ->> 'resource' AS resource
FROM braid.history AS history
JOIN braid.executions AS executions USING (execution_id)
JOIN braid.state_machines AS machines USING (state_machine_id)
CROSS JOIN LATERAL json_array_elements(history.events::json) WITH ORDINALITY AS event (item, place);

-- A visit of a state a row: from its Entered event to the one that left it.
CREATE VIEW braid.state_visits AS
WITH visits AS (
    SELECT
        events.*,
        lead(events.event_id) OVER branch AS next_event_id
    FROM braid.execution_history AS events
    WHERE events.type LIKE '%StateEntered'
    WINDOW branch AS (PARTITION BY events.execution_id, events.branch_id ORDER BY events.event_id)
)
SELECT
    visits.execution_id,
    visits.state_machine,
    visits.execution,
    visits.branch_id,
    visits.state,
    replace(visits.type, 'StateEntered', '') AS type,
    visits.event_id AS entered_event_id,
    visits.at AS entered_at,
    during.exited_at,
    during.exited_at - visits.at AS duration,
    during.attempts,
    visits.input,
    during.output,
    during.error,
    during.cause
FROM visits
CROSS JOIN LATERAL (
    SELECT
        max(later.at) FILTER (WHERE later.type LIKE '%StateExited' OR later.type LIKE '%StateAborted') AS exited_at,
        count(*) FILTER (WHERE later.type IN ('TaskScheduled', 'LambdaFunctionScheduled', 'ActivityScheduled',
            'ParallelStateStarted', 'MapStateStarted')) AS attempts,
        (array_agg(later.output) FILTER (WHERE later.type LIKE '%StateExited'))[1] AS output,
        (array_agg(later.error ORDER BY later.event_id DESC)
            FILTER (WHERE later.error IS NOT NULL AND later.type NOT LIKE 'Execution%'))[1] AS error,
        (array_agg(later.cause ORDER BY later.event_id DESC)
            FILTER (WHERE later.cause IS NOT NULL AND later.type NOT LIKE 'Execution%'))[1] AS cause
    FROM braid.execution_history AS later
    WHERE later.execution_id = visits.execution_id
        AND later.branch_id = visits.branch_id
        AND later.event_id > visits.event_id
        AND (visits.next_event_id IS NULL OR later.event_id < visits.next_event_id)
) AS during;

-- How far each Map that runs, or ended but not yet was left, has come.
CREATE VIEW braid.map_run_progress AS
SELECT
    parent.execution_id,
    machines.name AS state_machine,
    coalesce(executions.name, executions.execution_id::text) AS execution,
    parent.branch_id,
    parent.state,
    parent.child_count AS items,
    count(*) FILTER (WHERE child.status = 'UNSTARTED') AS unstarted,
    count(*) FILTER (WHERE child.status = 'OPEN') AS running,
    count(*) FILTER (WHERE child.status = 'SUCCEEDED') AS succeeded,
    count(*) FILTER (WHERE child.status = 'FAILED') AS failed,
    count(*) FILTER (WHERE child.status IN ('ABORTED', 'TIMED_OUT')) AS aborted
FROM braid.branches AS parent
JOIN braid.branches AS child
    ON child.execution_id = parent.execution_id
    AND child.branch_id >= parent.first_child
    AND child.branch_id < parent.first_child + parent.child_count
JOIN braid.executions AS executions ON executions.execution_id = parent.execution_id
JOIN braid.state_machines AS machines USING (state_machine_id)
WHERE child.kind = 'iteration'
GROUP BY parent.execution_id, machines.name, executions.name, executions.execution_id, parent.branch_id, parent.state,
    parent.child_count;

-- Failures by state and error, the most frequent first.
CREATE VIEW braid.failures_by_state AS
SELECT
    machines.name AS state_machine,
    history.state,
    history.error,
    count(*) AS failures,
    count(DISTINCT history.execution_id) AS executions,
    min(history.at) AS first_at,
    max(history.at) AS last_at
FROM braid.history AS history
JOIN braid.executions AS executions USING (execution_id)
JOIN braid.state_machines AS machines USING (state_machine_id)
WHERE history.error IS NOT NULL
GROUP BY machines.name, history.state, history.error
ORDER BY failures DESC;
