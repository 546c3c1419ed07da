import Foundation
import Network

/// The line that the phone has.
enum Line {
    /// Watches it from now on; answers whether the one of this moment costs by the amount: a mobile network, somebody's hotspot, or one that
    /// the person has told the phone to be sparing with.
    static func watched() -> @Sendable () -> Bool {
        let monitor = NWPathMonitor()
        monitor.start(queue: DispatchQueue(label: "org.rafiq.line"))
        // Before the first report, and without any, it may be a costly one.
        return {
            let path = monitor.currentPath
            return path.status != .satisfied || path.isExpensive || path.isConstrained
        }
    }
}
