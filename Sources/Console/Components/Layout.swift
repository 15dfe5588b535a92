/// What every page stands in.
enum Layout {
    /// The whole document: nothing in it comes from another host, and nothing in it runs.
    static func page(title: String, refreshing seconds: Int? = nil, _ content: HTML) -> HTML {
        let refresh: HTML = if let seconds { "<meta http-equiv=\"refresh\" content=\"\(seconds)\">" } else { "" }
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            \(refresh)
            <title>\(title)</title>
            <link rel="icon" href="data:,">
            <style>\(Stylesheet.source)</style>
            </head>
            <body>
            \(content)
            </body>
            </html>

            """
    }

    /// The header fields of a page: it may load and run nothing, and nobody may frame it.
    static let headers: [(String, String)] = [
        ("Content-Type", "text/html; charset=utf-8"),
        (
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"
        ),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cache-Control", "no-store"),
    ]
}
