/// Locks a profile with a passphrase after the app was away for a minute. The clock goes on while the phone sleeps and cannot be set.
struct QuickLock<Time: Clock> where Time.Duration == Duration {
    private let clock: Time
    private let patience: Duration
    private var leftAt: Time.Instant?

    init(clock: Time = ContinuousClock(), patience: Duration = .seconds(60)) {
        self.clock = clock
        self.patience = patience
    }

    /// The app is no longer seen.
    mutating func left() { leftAt = leftAt ?? clock.now }

    /// The app is seen again: whether it is to be locked.
    mutating func cameBack() -> Bool {
        defer { leftAt = nil }
        return leftAt.map { $0.duration(to: clock.now) >= patience } ?? false
    }
}
