/// What people have asked for and has not been dealt with yet, over all screens of one profile: before its files are closed that is done.
/// What merely looks, and what can be cut off without loss, is not in it.
@MainActor final class Work {
    private var running = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Whether something is being done.
    var isRunning: Bool { running > 0 }

    func begin() { running += 1 }

    func end() {
        running -= 1
        if running == 0 { letGo() }
    }

    /// Does what nobody has to wait for.
    func aside<Answer: Sendable>(_ what: () async throws -> Answer) async rethrows -> Answer {
        end()
        defer { begin() }
        return try await what()
    }

    /// Waits until nothing is being done, but no longer than `limit`.
    func done(within limit: Duration) async {
        let end = ContinuousClock.now + limit
        let timer = Task {
            if (try? await Task.sleep(until: end)) != nil { letGo() }  // else it was done in time
        }
        while isRunning && ContinuousClock.now < end { await withCheckedContinuation { waiting.append($0) } }
        timer.cancel()
    }

    private func letGo() {
        for one in waiting { one.resume() }
        waiting = []
    }
}
