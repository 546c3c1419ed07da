import Foundation
import Rafiq

/// Carries over HTTP, and counts how often.
final class CountingCarrier: Carrier, @unchecked Sendable {  // `count` is only touched under the lock
    private let http = HTTPCarrier()
    private let lock = NSLock()
    private var count = 0

    /// How often since it was asked the last time.
    func taken() -> Int {
        lock.withLock {
            defer { count = 0 }
            return count
        }
    }

    func carry(_ exchange: Exchange) async throws -> Data {
        let answer = try await http.carry(exchange)
        lock.withLock { count += 1 }
        return answer
    }
}
