-- Views for people: documented API (README.md), with payloads as json.

-- The name of a history event's type by its stored code (Interpreter's HistoryEventType.code). Not STRICT, so that it is
-- inlined: called as a function it would cost more than all else that opening an event takes.
CREATE FUNCTION braid.event_type(code integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
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

-- Whether an event of this type says how an attempt or a state came out.
CREATE FUNCTION braid.is_outcome(type text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT type IN (
        'TaskFailed', 'TaskStartFailed', 'TaskSubmitFailed', 'TaskTimedOut', 'TaskSucceeded', 'LambdaFunctionFailed',
        'LambdaFunctionScheduleFailed', 'LambdaFunctionStartFailed', 'LambdaFunctionTimedOut',
        'LambdaFunctionSucceeded', 'ActivityFailed', 'ActivityScheduleFailed', 'ActivityTimedOut', 'ActivitySucceeded',
        'EvaluationFailed', 'MapRunFailed', 'MapStateSucceeded', 'ParallelStateSucceeded', 'ExecutionFailed'
    )
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

-- A visit of a state a row: from its Entered event to the one that left it, or, where nothing did, to the end of its branch.
-- Each event is opened once and goes to the visit that its branch entered last; whatever narrows execution_id,
-- state_machine or execution narrows what is read.
CREATE VIEW braid.state_visits AS
WITH events AS (
    SELECT
        events.*,
        max(events.event_id) FILTER (WHERE events.type LIKE '%StateEntered') OVER (
            PARTITION BY events.execution_id, events.state_machine, events.execution, events.branch_id
            ORDER BY events.event_id
        ) AS entered_event_id
    FROM braid.execution_history AS events
), visits AS (
    SELECT
        events.execution_id,
        events.state_machine,
        events.execution,
        events.branch_id,
        events.entered_event_id,
        max(events.state) FILTER (WHERE events.event_id = events.entered_event_id) AS state,
        max(replace(events.type, 'StateEntered', '')) FILTER (WHERE events.event_id = events.entered_event_id) AS type,
        max(events.at) FILTER (WHERE events.event_id = events.entered_event_id) AS entered_at,
        max(events.at) FILTER (WHERE events.type LIKE '%StateExited' OR events.type LIKE '%StateAborted') AS left_at,
        max(events.at) AS last_at,
        count(*) FILTER (WHERE events.type IN ('TaskScheduled', 'LambdaFunctionScheduled', 'ActivityScheduled',
            'ParallelStateStarted', 'MapStateStarted')) AS attempts,
        (array_agg(events.input) FILTER (WHERE events.event_id = events.entered_event_id))[1] AS input,
        (array_agg(events.output) FILTER (WHERE events.type LIKE '%StateExited'))[1] AS output,
        -- Of what decided last: a success after failures leaves none.
        (array_agg(events.error ORDER BY events.event_id DESC) FILTER (WHERE braid.is_outcome(events.type)))[1] AS error,
        (array_agg(events.cause ORDER BY events.event_id DESC) FILTER (WHERE braid.is_outcome(events.type)))[1] AS cause
    FROM events
    WHERE events.entered_event_id IS NOT NULL
    GROUP BY events.execution_id, events.state_machine, events.execution, events.branch_id, events.entered_event_id
)
SELECT
    visits.execution_id,
    visits.state_machine,
    visits.execution,
    visits.branch_id,
    visits.state,
    visits.type,
    visits.entered_event_id,
    visits.entered_at,
    ended.at AS exited_at,
    ended.at - visits.entered_at AS duration,
    visits.attempts,
    visits.input,
    visits.output,
    visits.error,
    visits.cause
FROM visits
LEFT JOIN braid.branches AS branches USING (execution_id, branch_id)
LEFT JOIN braid.executions AS executions ON executions.execution_id = visits.execution_id
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN visits.left_at IS NOT NULL THEN visits.left_at
        WHEN branches.status IN ('SUCCEEDED', 'FAILED') THEN visits.last_at
        -- Ended from outside, where a state of its type has no event of its own for that.
        WHEN branches.status IN ('ABORTED', 'TIMED_OUT') THEN coalesce(executions.stopped_at, visits.last_at)
    END AS at
) AS ended;

-- How far each Map that runs has come, until its state is left.
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
WHERE child.kind = 'iteration' AND executions.status = 'RUNNING'
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
