import Foundation
import Rafiq

/// An open profile, in one language: what every screen stands on. Another language or another unlocking is another session.
public final class Session: Sendable {
    /// The library. Screens go through presenters; the platform's jobs (exchange, reminders) call it.
    public let rafiq: Rafiq
    /// The person's words.
    public let words: Words
    let me: PersonRef
    let host: Host
    let keeper: AppPresenter
    /// Whether the profile can be asked now.
    let wakefulness: Wakefulness
    let work: Work
    @MainActor private var knownModels: [SupportModelInfo]?

    /// A phone that is suspended and woken this often within one call is being shaken.
    private static let mostTries = 20

    @MainActor init(
        rafiq: Rafiq, words: Words, me: PersonRef, host: Host, keeper: AppPresenter, wakefulness: Wakefulness, work: Work
    ) {
        self.rafiq = rafiq
        self.words = words
        self.me = me
        self.host = host
        self.keeper = keeper
        self.wakefulness = wakefulness
        self.work = work
    }

    /// The time zone the person is in now.
    public var zone: String { host.zone() }

    /// The time.
    public var clock: any AppClock { host.clock }

    /// Carries exchanges.
    public var carrier: any Carrier { host.carrier }

    /// What one request and one answer may cost on the line of this moment.
    public func budget(_ bytes: Int64) -> Budget { Budget(bytes: bytes, metered: host.metered()) }

    var nowMs: Int64 { host.clock.nowMs() }

    /// Asks the library. While the app is suspended it waits; a call that a suspend cut off is made again, since nothing came of it.
    /// Throws `RafiqError.Locked` once the profile is closed for good.
    @MainActor func ask<Answer: Sendable>(_ question: @Sendable (Rafiq) async throws -> Answer) async throws -> Answer {
        for _ in 0..<Self.mostTries {
            if await wakefulness.settled() == .closed { throw RafiqError.Locked }
            do {
                return try await question(rafiq)
            } catch RafiqError.Closed {
                // suspended or locked meanwhile: look which
            }
        }
        throw wakefulness.state == .closed ? RafiqError.Locked : RafiqError.Closed
    }

    /// The support models, read once: they do not change while a profile is open.
    @MainActor func models() async throws -> [SupportModelInfo] {
        if let knownModels { return knownModels }
        let models = try await ask { try await $0.supportModels() }
        knownModels = models
        return models
    }
}

extension Session: Equatable {
    public static func == (one: Session, other: Session) -> Bool { one === other }
}

/// Whether a profile can be asked, and who waits to hear of it.
@MainActor final class Wakefulness {
    enum State { case awake, suspended, closed }

    private var listeners: [UUID: AsyncStream<Void>.Continuation] = [:]

    var state = State.awake {
        didSet { if state != oldValue { for listener in listeners.values { listener.yield() } } }
    }

    /// An element whenever it has become another one; ends when the reading task is cancelled.
    func changes() -> AsyncStream<Void> {
        let (changes, listener) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let key = UUID()
        listeners[key] = listener
        listener.onTermination = { [weak self] _ in
            Task { @MainActor in self?.listeners[key] = nil }
        }
        return changes
    }

    /// Waits while it is suspended.
    func settled() async -> State {
        if state != .suspended { return state }
        for await _ in changes() where state != .suspended { break }
        return state
    }
}
