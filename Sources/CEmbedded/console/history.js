/**
 * An execution's history, followed event by event: which states were visited when, inside of what, and how they stand.
 *
 * Events are linked by the id of the one before; what closes a Parallel or Map is linked to an event inside it, so its visit is
 * looked for around that one. `StateProgress.swift` follows the same rules for the command line.
 */
export class History {
  events = [];
  /** Visits of states by the id of the event that entered. */
  visits = new Map();
  /** Iterations of Maps by the id of the event that started them. */
  iterations = new Map();
  lastID = 0;
  #owners = new Map();
  /** What is entered behind these events is inside: of a visit, and in a Map of an iteration. */
  #doors = new Map();
  #started = null;

  take(rows) {
    for (const [id, previous, type, at, state, more] of rows) {
      if (id <= this.lastID) continue;
      const event = {id, previous, type, at, state, ...more};
      this.events.push(event);
      this.lastID = id;
      this.#started ??= at;
      if (type.endsWith("StateEntered")) this.#enter(event);
      else this.#follow(event);
    }
  }

  get start() { return this.#started; }

  get end() { return this.events.at(-1)?.at; }

  get isOver() { return /^Execution(Succeeded|Failed|TimedOut|Aborted)$/.test(this.events.at(-1)?.type); }

  #enter(event) {
    const {id, previous, type, at, state} = event;
    const before = this.visits.get(this.#owners.get(previous));
    const door = this.#doors.get(previous);
    const visit = {
      id, state, type: type.slice(0, -"StateEntered".length), at, end: null, status: "running", attempts: 0, hasFailed: false,
      error: null, cause: null, exit: null, items: null, events: [event],
      container: door ? door.visit : before?.container ?? null, iteration: door ? door.iteration : before?.iteration ?? null,
    };
    if (visit.type === "Fail") Object.assign(visit, {status: "failed", end: at});
    this.visits.set(id, visit);
    this.#owners.set(id, id);
  }

  #follow(event) {
    const {id, previous, type, at} = event;
    const visit = this.#owner(event);
    if (visit) { this.#owners.set(id, visit.id); visit.events.push(event); }
    if (type === "ExecutionFailed") this.#finish(visit, event);
    else if (type === "ExecutionTimedOut" || type === "ExecutionAborted") this.#finish(null, event);
    else if (type === "ExecutionRedriven") this.#resume();
    else if (type === "ParallelStateStarted") {
      visit.attempts += 1;
      visit.hasFailed = false;
      this.#doors.set(id, {visit, iteration: visit.iteration});
    } else if (type === "MapStateStarted") {
      Object.assign(visit, {items: event.length ?? null, hasFailed: false, attempts: visit.attempts + 1});
    } else if (type === "MapIterationStarted") {
      const iteration = {id, index: event.index, visit, at, end: null, status: "running"};
      this.iterations.set(id, iteration);
      this.#doors.set(id, {visit, iteration});
    } else if (type.startsWith("MapIteration")) this.#endIteration(event, visit);
    else if (type === "ParallelStateFailed" || type === "MapStateFailed") {
      Object.assign(visit, {hasFailed: true, error: event.error ?? null, cause: event.cause ?? null});
      this.#settle(visit, at);
    } else if (type.endsWith("StateExited")) {
      Object.assign(visit, {status: visit.hasFailed ? "caught" : "succeeded", end: at, exit: id});
      this.#settle(visit, at);
    } else if (type.endsWith("StateAborted")) { /* told by the end of the group around it */
    } else if (visit && /Failed$|TimedOut$/.test(type)) {
      Object.assign(visit, {hasFailed: true, error: event.error ?? (type.endsWith("TimedOut") ? "States.Timeout" : null), cause: event.cause ?? null});
    } else if (visit && type.endsWith("Scheduled")) {
      visit.attempts += 1;
      visit.hasFailed = false;
    } else if (visit && type.endsWith("Succeeded") && type !== "ExecutionSucceeded") Object.assign(visit, {hasFailed: false, error: null, cause: null});
  }

  #owner({previous, type, state}) {
    const before = this.visits.get(this.#owners.get(previous));
    const around = (holds) => {
      let visit = before;
      while (visit && !holds(visit)) visit = visit.container;
      return visit ?? before;
    };
    if (type.endsWith("StateExited")) return around((visit) => visit.state === state);
    if (type === "EvaluationFailed") {
      return [...this.visits.values()].findLast((visit) => visit.state === state && visit.status === "running") ?? before;
    }
    if (type.startsWith("MapState") || type === "MapIterationStarted") return around((visit) => visit.type === "Map");
    if (type.startsWith("ParallelState")) return around((visit) => visit.type === "Parallel");
    return before;
  }

  #endIteration({type, index, at}, inner) {
    const status = {MapIterationSucceeded: "succeeded", MapIterationFailed: "failed"}[type] ?? "aborted";
    let iteration = inner?.iteration;
    while (iteration && iteration.index !== index) iteration = iteration.visit.iteration;
    if (!iteration) return;
    Object.assign(iteration, {status, end: at});
    if (status === "failed" && inner.status === "running") Object.assign(inner, {status: "failed", end: at});
  }

  #isInside(visit, container) {
    for (let next = visit.container; next; next = next.container) if (next === container) return true;
    return false;
  }

  /** Ends what still runs inside of a visit, or everywhere. */
  #settle(container, at) {
    for (const visit of this.visits.values()) {
      if (visit.status !== "running" || (container && !this.#isInside(visit, container))) continue;
      Object.assign(visit, {status: visit.hasFailed ? "failed" : "aborted", end: at});
    }
    for (const iteration of this.iterations.values()) {
      if (iteration.status !== "running") continue;
      if (container && iteration.visit !== container && !this.#isInside(iteration.visit, container)) continue;
      Object.assign(iteration, {status: "aborted", end: at});
    }
  }

  #finish(failed, {at, error, cause}) {
    for (let visit = failed; visit; visit = visit.container) {
      if (visit.status === "running") Object.assign(visit, {status: "failed", end: at});
      visit.error ??= error ?? null;
      visit.cause ??= cause ?? null;
    }
    this.#settle(null, at);
  }

  /** What had failed or was ended goes on. */
  #resume() {
    for (const visit of [...this.visits.values(), ...this.iterations.values()]) {
      if (visit.status !== "failed" && visit.status !== "aborted") continue;
      Object.assign(visit, {status: "running", end: null, hasFailed: false});
    }
  }

  /** Whether a visit is in an iteration, or in one inside of it. */
  isIn(visit, iteration) {
    for (let next = visit.iteration; next; next = next.visit.iteration) if (next === iteration) return true;
    return false;
  }

  /** How each state stands: the status that counts, and how many visits have each; of one iteration, if one is chosen. */
  states(iteration = null) {
    const rank = ["succeeded", "caught", "aborted", "failed", "running"];
    const states = new Map();
    for (const visit of this.visits.values()) {
      if (iteration && visit.iteration && !this.isIn(visit, iteration) && visit.iteration.visit === iteration.visit) continue;
      const known = states.get(visit.state) ?? {status: "succeeded", visits: [], counts: {}};
      if (rank.indexOf(visit.status) > rank.indexOf(known.status)) known.status = visit.status;
      known.counts[visit.status] = (known.counts[visit.status] ?? 0) + 1;
      known.visits.push(visit);
      states.set(visit.state, known);
    }
    return states;
  }

  iterationsOf(visit) { return [...this.iterations.values()].filter((iteration) => iteration.visit === visit); }
}
