import Postgres
import StatesLanguage

extension Row {
    /// Reads an instant.
    func timestamp(_ column: String) throws(PostgresError) -> Timestamp {
        Timestamp(microseconds: try decode(column, as: Int64.self))
    }

    /// Reads an instant that may be absent.
    func optionalTimestamp(_ column: String) throws(PostgresError) -> Timestamp? {
        try decode(column, as: Int64?.self).map { Timestamp(microseconds: $0) }
    }

    /// Reads a word that is one of an enumeration's.
    func word<Word: RawRepresentable<String>>(_ column: String) throws(PostgresError) -> Word {
        guard let word = Word(rawValue: try decode(column, as: String.self)) else {
            throw .decoding(column: column, expected: "\(Word.self)", found: "another word")
        }
        return word
    }
}
