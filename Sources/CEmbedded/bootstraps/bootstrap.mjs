// Runs a handler written for AWS Lambda: asks the Lambda Runtime API for invocations and answers them, one at a time.
//
// Needs Node 18 and nothing else. What is posted for failures has the form of Lambda's own runtime for Node.

import { existsSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";

const environment = process.env;
const [host, port] = environment.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

/// Why there is no handler to run.
class Fault extends Error {
  constructor(name, message, cause) {
    super(message);
    this.name = name;
    if (cause?.stack) this.stack = cause.stack;
  }
}

function call(method, route, body, headers = {}) {
  const attempt = (isLast) =>
    new Promise((resolve, reject) => {
      const request = http.request(
        { host, port, method, agent, path: `/2018-06-01/runtime${route}`, headers: lengthened(headers, body) },
        (response) => {
          const chunks = [];
          response.on("data", (chunk) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () =>
            resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() }),
          );
        },
      );
      // A kept connection may have been lost while the handler ran.
      request.on("error", (error) =>
        !isLast && request.reusedSocket ? attempt(true).then(resolve, reject) : reject(error),
      );
      request.end(body);
    });
  return attempt(false);
}

function lengthened(headers, body) {
  return body === undefined ? headers : { ...headers, "Content-Length": Buffer.byteLength(body) };
}

/// The function that `file.function` names; `file` may have folders, `function` may be nested.
async function load(name) {
  const folder = path.resolve(environment.LAMBDA_TASK_ROOT ?? process.cwd(), path.dirname(name));
  const match = path.basename(name).match(/^([^.]*)\.(.*)$/);
  if (!match) throw new Fault("Runtime.MalformedHandlerName", `Bad handler '${name}': it is not of the form 'file.function'`);
  const [, file, members] = match;
  const found = [".js", ".mjs", ".cjs"].map((ending) => path.join(folder, file + ending)).find((p) => existsSync(p));
  if (!found) throw new Fault("Runtime.ImportModuleError", `Error: Cannot find module '${file}' in ${folder}`);
  let module;
  try {
    module = await import(pathToFileURL(found).href);
  } catch (error) {
    if (error instanceof SyntaxError) throw new Fault("Runtime.UserCodeSyntaxError", String(error), error);
    if (error?.code?.endsWith("MODULE_NOT_FOUND")) throw new Fault("Runtime.ImportModuleError", String(error), error);
    throw error;
  }
  const member = (start) => members.split(".").reduce((value, key) => value?.[key], start);
  // What a CommonJS file exports is the default export of its module.
  const handler = member(module) ?? member(module.default);
  if (handler === undefined) throw new Fault("Runtime.HandlerNotFound", `${name} is undefined or not exported`);
  if (typeof handler !== "function") throw new Fault("Runtime.HandlerNotFound", `${name} is not a function`);
  return handler;
}

function failure(error) {
  if (!(error instanceof Error)) {
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  }
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? "").split("\n") };
}

/// Writes an error to the log.
function note(error) {
  console.error("[ERROR]", error);
}

/// What happens when nothing is left to do: an answer that waited for that is given.
let onEmptyLoop;
process.on("beforeExit", () => {
  const act = onEmptyLoop;
  onEmptyLoop = undefined;
  act?.();
});

/// The outcome of one invocation, whichever of its ways the handler takes to give it.
function invoke(handler, event, headers) {
  return new Promise((resolve, reject) => {
    const deadline = Number(headers["lambda-runtime-deadline-ms"]);
    const settle = (error, result) => (error === undefined || error === null ? resolve(result) : reject(error));
    const done = (error, result) => {
      if (!context.callbackWaitsForEmptyEventLoop) return settle(error, result);
      onEmptyLoop = () => settle(error, result);
    };
    const context = {
      callbackWaitsForEmptyEventLoop: true,
      functionName: environment.AWS_LAMBDA_FUNCTION_NAME,
      functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION,
      invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
      memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
      awsRequestId: headers["lambda-runtime-aws-request-id"],
      logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME,
      logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME,
      identity: undefined,
      clientContext: undefined,
      getRemainingTimeInMillis: () => Math.max(deadline - Date.now(), 0),
      done: (error, result) => settle(error, result),
      succeed: (result) => settle(undefined, result),
      fail: (error) => settle(error ?? new Error("failed")),
    };
    // A handler that never answers ends with nothing once nothing is left to do, as on Lambda.
    onEmptyLoop = () => resolve(null);
    const result = handler(event, context, done);
    if (typeof result?.then === "function") result.then(resolve, reject);
    else if (result !== undefined && handler.length < 3) resolve(result);
  });
}

let current;

/// Reports what no code of the handler's caught, for the invocation that runs, and ends the process.
async function crash(kind, error) {
  const report = { ...failure(error), errorType: kind ?? failure(error).errorType };
  note(error);
  const route = current ? `/invocation/${current}/error` : "/init/error";
  try {
    await call("POST", route, JSON.stringify(report), { "Lambda-Runtime-Function-Error-Type": report.errorType });
  } finally {
    process.exit(1);
  }
}
process.on("uncaughtException", (error) => crash(undefined, error));
process.on("unhandledRejection", (reason) => crash("Runtime.UnhandledPromiseRejection", reason));

let handler;
try {
  handler = await load(environment._HANDLER);
} catch (error) {
  await crash(undefined, error);
}
for (;;) {
  const next = await call("GET", "/invocation/next").catch(() => undefined);
  if (next?.status !== 200) {
    console.error("the worker that this function belongs to is gone");
    process.exit(1);
  }
  const id = (current = next.headers["lambda-runtime-aws-request-id"]);
  environment._X_AMZN_TRACE_ID = next.headers["lambda-runtime-trace-id"] ?? "";
  let outcome, body;
  try {
    const result = await invoke(handler, JSON.parse(next.body), next.headers);
    outcome = "response";
    body = Buffer.isBuffer(result) ? result : (JSON.stringify(result) ?? "null");
  } catch (error) {
    note(error);
    outcome = "error";
    body = JSON.stringify(failure(error));
  }
  onEmptyLoop = undefined;
  current = undefined;
  await call("POST", `/invocation/${id}/${outcome}`, body, { "Content-Type": "application/json" });
}
