/// What a process says about itself on its pages.
package struct About: Sendable {
    /// The version of Braid.
    package var version: String
    package var region: String
    package var account: String
    /// How the database is reached, without a password, such as `postgresql:///braid?host=/tmp/braid-1f2e`.
    package var databaseHint: String

    package init(version: String, region: String, account: String, databaseHint: String) {
        self.version = version
        self.region = region
        self.account = account
        self.databaseHint = databaseHint
    }
}
