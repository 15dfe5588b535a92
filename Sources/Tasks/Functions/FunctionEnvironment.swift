/// The variables of a function's process.
///
/// Its worker's own, but for Braid's settings and the database's password; then Lambda's; then those of the functions file,
/// which may not replace what the Runtime API's clients live on.
enum FunctionEnvironment {
    static func variables(
        of function: FunctionDefinition,
        runtimeAPI: String,
        bootstraps: String,
        settings: FunctionSettings,
        inherited: [String: String]
    ) -> [String: String] {
        let name = function.reference.name
        var variables = inherited.filter { !$0.key.hasPrefix("BRAID_") && $0.key != "PGPASSWORD" }
        variables["AWS_REGION"] = settings.region
        variables["AWS_DEFAULT_REGION"] = settings.region
        variables["AWS_LAMBDA_FUNCTION_NAME"] = name
        variables["AWS_LAMBDA_FUNCTION_VERSION"] = "$LATEST"
        variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = "1024"
        variables["AWS_LAMBDA_INITIALIZATION_TYPE"] = "on-demand"
        variables["AWS_LAMBDA_LOG_GROUP_NAME"] = "/aws/lambda/\(name)"
        variables["AWS_LAMBDA_LOG_STREAM_NAME"] = "braid"
        variables["LAMBDA_RUNTIME_DIR"] = bootstraps
        variables["TZ"] = ":UTC"
        variables["PYTHONUNBUFFERED"] = "1"
        // The file's folder of Python's compiled modules would be written at every start otherwise.
        variables["PYTHONDONTWRITEBYTECODE"] = "1"
        variables.merge(function.environment) { $1 }
        variables["AWS_LAMBDA_RUNTIME_API"] = runtimeAPI
        variables["LAMBDA_TASK_ROOT"] = function.directory
        switch function.implementation {
        case .python(let handler, _), .node(let handler, _), .command(_, let handler): variables["_HANDLER"] = handler
        case .url: break
        }
        return variables
    }
}
