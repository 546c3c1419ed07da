/// Does `work`, but no longer than `limit`: then it is cancelled, and waited for. Nil if it was cut off or threw.
func within<Answer: Sendable>(_ limit: Duration, _ work: @escaping @Sendable () async throws -> Answer) async -> Answer? {
    await withTaskGroup(of: Answer?.self) { group in
        group.addTask { try? await work() }
        group.addTask {
            try? await Task.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        return await group.next() ?? nil
    }
}
