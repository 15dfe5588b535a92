import StatesLanguage
import Telemetry

extension Timestamp {
    /// The machine's time.
    static var now: Timestamp { Timestamp(microseconds: WallTime.now().microseconds) }
}
