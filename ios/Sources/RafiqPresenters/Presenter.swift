import Observation
import Rafiq

/// What a screen shows, and what a person does there: events in, ``state`` out. It lives until the screen lets it go. Nothing is thrown
/// out of it. Events are dealt with one after the other, in the order given.
@MainActor @Observable public class Presenter<C: Equatable & Sendable, E: Sendable> {
    /// What the screen shows now.
    public private(set) var state: UiState<C> = .loading
    @ObservationIgnored private let turns = Turns()

    init() {}

    /// Where events are counted until they have been dealt with; none before a profile is open.
    var work: Work? { nil }

    /// Takes an event. The task ends when it has been dealt with and ``state`` says so; a screen need not wait for it.
    @discardableResult public final func on(_ event: E) -> Task<Void, Never> {
        work?.begin()
        return inTurn {
            await $0.act(event)
            $0.work?.end()
        }
    }

    /// Deals with an event. Every presenter has its own way.
    func act(_ event: E) async {}

    /// Runs while nothing else of this presenter does; whoever comes first has the first turn.
    @discardableResult final func inTurn(_ work: @escaping @MainActor (Presenter<C, E>) async -> Void) -> Task<Void, Never> {
        let ticket = turns.draw()
        return Task {
            await turns.wait(for: ticket)
            await work(self)
            turns.end()
        }
    }

    /// Steps aside for what takes long: meanwhile others have their turn.
    final func aside<Answer: Sendable>(_ what: () async throws -> Answer) async rethrows -> Answer {
        turns.end()
        let answer: Answer
        do {
            answer = try await what()
        } catch {
            await turns.wait(for: turns.draw())
            throw error
        }
        await turns.wait(for: turns.draw())
        return answer
    }

    /// Changes what is shown, where something is.
    final func edit(_ change: (inout C) -> Void) {
        if let content = state.content { present(.content(with(content, change))) }
    }

    /// Shows something else; the same again wakes no view.
    final func present(_ next: UiState<C>) {
        if state != next { state = next }
    }
}

/// A presenter of an open profile: looks again after every change, whoever made it, and after every event.
@MainActor public class SessionPresenter<C: Equatable & Sendable, E: Sendable>: Presenter<C, E> {
    let session: Session
    /// What is to be said beside the content until the next event.
    var notice: String?
    override final var work: Work { session.work }
    private var watch: Watch?

    init(session: Session) {
        self.session = session
        super.init()
        watch = Watch(session) { [weak self] in
            await self?.inTurn { _ in await self?.show() }.value
        }
    }

    /// Reads and says what is shown. Every presenter has its own way.
    func look() async throws -> UiState<C> { throw RafiqError.Bug(place: "look") }

    /// Does what a person asked for. What it throws becomes the notice.
    func perform(_ event: E) async throws {}

    /// The same content beside another notice.
    func noted(_ content: C, _ notice: String?) -> C { content }

    override func act(_ event: E) async {
        notice = nil
        do {
            try await perform(event)
        } catch {
            notice = session.words.error(known(error))
        }
        await show()
    }

    final func show() async {
        do {
            present(try await look())
        } catch RafiqError.Locked {
            present(.locked)
        } catch {
            let error = known(error)
            let sentence = session.words.error(error)
            let isGone = if case .NotFound = error { true } else if case .Invalid = error { true } else { false }
            // What was there stays, unless it is just that which is gone.
            if let before = state.content, !isGone {
                present(.content(noted(before, sentence)))
            } else {
                present(.failed(sentence: sentence, canRetry: !isGone))
            }
        }
    }
}

/// Whatever was thrown, as one of the library's errors: those have a sentence each.
func known(_ error: any Error) -> RafiqError {
    if let error = error as? RafiqError { return error }
    return error is CancellationError ? .Cancelled : .Bug(place: "presenter")
}

/// Who has the turn. Tickets are served in the order in which they were drawn.
@MainActor private final class Turns {
    private var newest = 0
    private var line: [Int] = []
    private var waiting: [Int: CheckedContinuation<Void, Never>] = [:]

    func draw() -> Int {
        newest += 1
        line.append(newest)
        return newest
    }

    func wait(for ticket: Int) async {
        if line.first == ticket { return }
        await withCheckedContinuation { waiting[ticket] = $0 }
    }

    func end() {
        line.removeFirst()
        if let next = line.first { waiting.removeValue(forKey: next)?.resume() }
    }
}

/// Looks now, and after every change of the profile or of whether it can be asked, until it is let go.
private final class Watch: Sendable {
    private let tasks: [Task<Void, Never>]

    @MainActor init(_ session: Session, look: @escaping @MainActor @Sendable () async -> Void) {
        let (wakes, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let (rafiq, awake) = (session.rafiq, session.wakefulness.changes())
        tasks = [
            Task { for await _ in wakes { await look() } },
            Task { for await _ in awake { wake.yield() } },
            Task.detached {
                let changes = try? rafiq.changes()  // closed already: the look says so
                wake.yield()  // only now, so that no change falls between
                if let changes { for await _ in changes { wake.yield() } }
            },
        ]
    }

    deinit { for task in tasks { task.cancel() } }
}
