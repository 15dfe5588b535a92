import CCurl
import Glibc
import Synchronization

/// One request on its way, and as much of its answer as has come.
///
/// All but `isCancelled` is touched on the loop's thread only, from ``attach(to:)`` to ``detach(from:)``: hence unchecked.
@safe final class Transfer: @unchecked Sendable {
    /// Whether nobody waits for the answer any more.
    let isCancelled = Atomic(false)
    private let request: HTTPClientRequest
    private var handle: UnsafeMutableRawPointer?
    private var fields: UnsafeMutablePointer<curl_slist>?
    private var headers: [(name: String, value: String)] = []
    private var body: [UInt8] = []
    private var isTooLarge = false

    init(_ request: HTTPClientRequest) { self.request = request }

    /// Begins to send.
    func attach(to multi: UnsafeMutableRawPointer?) throws(HTTPClientError) {
        guard let handle = unsafe curl_easy_init() else { throw .other(url: request.url, reason: "out of memory") }
        unsafe self.handle = unsafe handle
        unsafe configure(handle)
        _ = unsafe curl_multi_add_handle(multi, handle)
    }

    /// Frees what was made for sending; an unfinished transfer is aborted.
    func detach(from multi: UnsafeMutableRawPointer?) {
        _ = unsafe curl_multi_remove_handle(multi, handle)
        unsafe curl_easy_cleanup(handle)
        unsafe curl_slist_free_all(fields)
        unsafe handle = nil
        unsafe fields = nil
    }

    private func configure(_ handle: UnsafeMutableRawPointer) {
        let number = { (option: CURLoption, value: Int) in _ = unsafe braid_curl_set_number(handle, option, value) }
        let text = { (option: CURLoption, value: String) in _ = unsafe braid_curl_set_text(handle, option, value) }
        let milliseconds = max(1, Int(min(request.timeout / .milliseconds(1), 1e12)))
        text(CURLOPT_URL, request.url)
        text(CURLOPT_PROTOCOLS_STR, "http,https")
        // Else `/a/../b` would be asked for as `/b`: a key may be anything, and is signed as it is.
        number(CURLOPT_PATH_AS_IS, 1)
        number(CURLOPT_NOSIGNAL, 1)
        number(CURLOPT_TIMEOUT_MS, milliseconds)
        number(CURLOPT_CONNECTTIMEOUT_MS, min(milliseconds, 10_000))
        if isLoopback { text(CURLOPT_PROXY, "") }
        if let body = request.body {
            number(CURLOPT_POST, 1)
            _ = unsafe braid_curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
            // Copied by libcurl.
            unsafe body.withUnsafeBytes { bytes in
                _ = unsafe braid_curl_set_pointer(
                    handle,
                    CURLOPT_COPYPOSTFIELDS,
                    bytes.baseAddress ?? UnsafeRawPointer(handle)
                )
            }
        }
        if request.method == "HEAD" { number(CURLOPT_NOBODY, 1) } else { text(CURLOPT_CUSTOMREQUEST, request.method) }
        unsafe addFields(handle)

        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        _ = unsafe braid_curl_set_pointer(handle, CURLOPT_PRIVATE, context)
        _ = unsafe braid_curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
        _ = unsafe braid_curl_set_pointer(handle, CURLOPT_WRITEDATA, context)
        _ = unsafe braid_curl_set_callback(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            unsafe takeHeader(bytes, size * count, context)
        }
        _ = unsafe braid_curl_set_callback(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            unsafe takeBody(bytes, size * count, context)
        }
    }

    private func addFields(_ handle: UnsafeMutableRawPointer) {
        let given = Set(request.headers.map { $0.name.lowercased() })
        // Without these, libcurl adds its own: it waits for "100 Continue", and calls every body a form.
        var lines = ["Expect:"]
        if !given.contains("content-type") { lines.append("Content-Type:") }
        if !given.contains("user-agent") { lines.append("User-Agent: braid") }
        lines += request.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        for line in lines { unsafe fields = curl_slist_append(fields, line) }
        _ = unsafe braid_curl_set_pointer(handle, CURLOPT_HTTPHEADER, fields)
    }

    /// Whether the host is this machine, which no proxy can reach.
    private var isLoopback: Bool {
        let authority = request.url.lowercased().drop { $0 != ":" }.drop { $0 == ":" || $0 == "/" }
        return ["localhost", "127.", "[::1]"].contains { authority.hasPrefix($0) }
    }

    /// Takes one line of the head.
    fileprivate func take(line: String) {
        if line.hasPrefix("HTTP/") {
            // A further head replaces an interim one, such as that of "100 Continue".
            headers = []
        } else if let colon = line.firstIndex(of: ":") {
            headers.append((name: String(line[..<colon]), value: line[line.index(after: colon)...].trimmed))
        }
    }

    /// Takes a piece of the body; returns whether there may be more.
    fileprivate func take(_ piece: UnsafeRawBufferPointer) -> Bool {
        isTooLarge = body.count + piece.count > request.maxResponseBytes
        if !isTooLarge { unsafe body.append(contentsOf: piece) }
        return !isTooLarge
    }

    /// What libcurl's outcome means.
    func result(_ code: CURLcode) -> Result<HTTPClientResponse, HTTPClientError> {
        if code == CURLE_OK {
            return .success(HTTPClientResponse(status: unsafe braid_curl_status(handle), headers: headers, body: body))
        }
        let reason = unsafe String(cString: curl_easy_strerror(code))
        let url = request.url
        return switch code {
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: .failure(.invalidRequest(reason: "\(url): \(reason)"))
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .failure(.couldNotResolve(url: url))
        case CURLE_COULDNT_CONNECT where unsafe braid_curl_errno(handle) == Int(ECONNREFUSED):
            .failure(.connectionRefused(url: url))
        case CURLE_COULDNT_CONNECT: .failure(.couldNotConnect(url: url, reason: reason))
        case CURLE_OPERATION_TIMEDOUT: .failure(.timedOut(url: url))
        case CURLE_WRITE_ERROR where isTooLarge: .failure(.responseTooLarge(limit: request.maxResponseBytes))
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_ENGINE_NOTFOUND:
            .failure(.tls(url: url, reason: reason))
        case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE, CURLE_HTTP2, CURLE_HTTP2_STREAM:
            .failure(.connectionLost(url: url, reason: reason))
        default: .failure(.other(url: url, reason: reason))
        }
    }
}

/// libcurl hands over a line of the head.
private func takeHeader(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?) -> Int
{
    guard let context = unsafe context else { return 0 }
    let line = unsafe String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
    unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().take(line: line)
    return count
}

/// libcurl hands over a piece of the body; another count than that given aborts the transfer.
private func takeBody(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?) -> Int {
    guard let context = unsafe context else { return 0 }
    let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    return unsafe transfer.take(UnsafeRawBufferPointer(start: bytes, count: count)) ? count : -1
}

extension Substring {
    /// Without white space around it.
    fileprivate var trimmed: String {
        let end = lastIndex { !$0.isWhitespace }.map(index(after:)) ?? startIndex
        return String(self[..<end].drop(while: \.isWhitespace))
    }
}
