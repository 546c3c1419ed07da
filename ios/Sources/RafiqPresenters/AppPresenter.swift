import Foundation
import Rafiq

/// Where the app is.
public struct AppContent: Equatable, Sendable {
    public let at: Where
    /// In the person's language, or, before anything is open, in the one last used, or the device's.
    public let words: Words
    public internal(set) var notice: String?
}

/// The states of the whole app.
public enum Where: Sendable, Equatable {
    /// Nobody has said who they are yet: ``SetUpPresenter``.
    case setUp

    /// A passphrase is needed: ``UnlockPresenter``.
    case locked

    /// The tabs. A new session (after unlocking, in another language) means new presenters.
    case open(session: Session)

    /// The store is damaged; it can be set aside. With a passphrase, if it has one.
    case damaged(sentence: String, needsPassphrase: Bool)

    /// The platform's key is gone or does not fit.
    case keyLost(sentence: String)

    /// A newer app wrote it.
    case newerVersion(sentence: String)

    /// It is open elsewhere; to be tried again.
    case inUse(sentence: String)
}

extension Where {
    var isOpen: Bool { if case .open = self { true } else { false } }
}

/// What happens to the whole app.
public enum AppEvent: Equatable, Sendable {
    /// Looks what there is and opens it; also what "try again" does.
    case start

    /// Somebody has said who they are (``SetUpPresenter`` sends it).
    case setUpDone(name: String, language: String, passphrase: String?)

    /// Somebody has twelve words of a phone that is gone, and the address of their relay (``SetUpPresenter`` sends it).
    case recover(words: String, relay: String, language: String, passphrase: String?)
    case unlock(passphrase: String)

    /// Closes what is open, if a passphrase protects it.
    case lock

    /// Puts a damaged store aside and begins a fresh one.
    case setAside(passphrase: String?)

    /// The system is about to stop the app: closes the files.
    case suspend
    case resume
    case dismiss
}

/// The whole app: opens the profile, and keeps it. One for as long as the process lives.
///
/// A profile is locked by closing it; a suspended one stays open and waits.
public final class AppPresenter: Presenter<AppContent, AppEvent> {
    let host: Host
    private var rafiq: Rafiq?
    private var wakefulness = Wakefulness()
    private var profileWork = Work()
    private var words: Words?

    /// The passphrase of a profile that is still being set up: a person may yet choose another one.
    private var chosen: String?

    /// Whether a passphrase protects the profile that is open.
    private(set) var hasPassphrase = false

    public init(host: Host) {
        self.host = host
        super.init()
    }

    override func act(_ event: AppEvent) async {
        let before = state.content
        do {
            switch event {
            case .start: try await start()
            case .setUpDone(let name, let language, let passphrase):
                if before?.at == .setUp { try await begin(name: name, language: language, passphrase: nonempty(passphrase)) }
            case .recover(let words, let relay, let language, let passphrase):
                if before?.at == .setUp {
                    try await recover(words, relay, language: language, passphrase: nonempty(passphrase))
                }
            case .unlock(let passphrase): try await open(passphrase)
            case .lock:
                if hasPassphrase, rafiq != nil {
                    present(.loading)  // whoever has tapped it is not looked over the shoulder while the rest is saved
                    await finish()
                    try await close()
                    try await start()
                }
            case .setAside(let passphrase):
                if rafiq == nil {
                    _ = try await Rafiq.setAside(folder: host.folder, passphrase: nonempty(passphrase), vault: host.vault)
                    try await start()
                }
            case .suspend: try await sleep()
            case .resume: try await wake()
            case .dismiss: edit { $0.notice = nil }
            }
        } catch {
            await fail(known(error), state.content ?? before)  // others may have had their turn meanwhile
        }
    }

    /// Goes on in another language, or calendar, which is kept already: the same profile, a new session. It may have been locked
    /// meanwhile.
    func goOn(_ session: Session, _ me: Me) async throws {
        try await session.work.aside {
            try await inTurn { [self] in
                if rafiq === session.rafiq { try await show(session.rafiq, me) }
            }
        }
    }

    /// Sets, changes or takes away the passphrase of the profile that is open.
    func changePassphrase(_ old: String?, _ new: String?) async throws {
        try await Rafiq.changePassphrase(folder: host.folder, old: old, new: new, vault: host.vault)
        hasPassphrase = new != nil
    }

    /// Forgets everything, and begins anew.
    func wipe() async throws {
        try await inTurn { [self] in
            present(.loading)
            try await close()  // nothing is waited for: all of it is to be gone
            do {
                try await Rafiq.wipe(folder: host.folder, vault: host.vault)
            } catch {
                await act(.start)
                throw error
            }
            await act(.start)
        }
    }

    /// Runs in turn, and hands on what is thrown.
    private func inTurn(_ work: @escaping @MainActor () async throws -> Void) async throws {
        var failure: (any Error)?
        await inTurn { _ in
            do { try await work() } catch { failure = error }
        }.value
        if let failure { throw failure }
    }

    /// Shows what an error makes of the app.
    private func fail(_ error: RafiqError, _ last: AppContent?) async {
        guard let words = try? await speak() else {
            present(.failed(sentence: "", canRetry: true))  // not even English: the library is not there
            return
        }
        let sentence = words.error(error)
        if let place = whereNow(error, words) {
            try? await close()  // also what could not be resumed
            // Where nothing moved, the sentence says why.
            present(.content(AppContent(at: place, words: words, notice: place == last?.at ? sentence : nil)))
        } else if let last, rafiq != nil || !last.at.isOpen {
            // What was shown stays, unless it is of a profile that was closed meanwhile.
            present(.content(AppContent(at: last.at, words: last.words, notice: sentence)))
        } else {
            present(.failed(sentence: sentence, canRetry: true))
        }
    }

    private func start() async throws {
        if rafiq != nil { return }
        switch try await Rafiq.inspect(folder: host.folder, vault: host.vault) {
        case .empty: try await at(.setUp)
        case .needsPassphrase:
            hasPassphrase = true
            try await at(.locked)
        case .keyLost: throw RafiqError.KeyLost
        case .corrupt: throw RafiqError.Corrupt
        case .newerVersion: throw RafiqError.NewerVersion
        case .inUse: throw RafiqError.InUse
        case .ready, .needsMigration:
            hasPassphrase = false
            try await open(nil)
        }
    }

    private func open(_ passphrase: String?) async throws {
        if rafiq != nil { return }
        let opened = try await profile(passphrase)
        keep(opened)
        if let me = try await opened.people.me() { return try await show(opened, me) }
        chosen = passphrase  // nobody has said who they are: the one before was put aside, or the first steps were not ended
        try await at(.setUp)
    }

    private func begin(name: String, language: String, passphrase: String?) async throws {
        let opened = try await unnamed(passphrase)
        try await show(opened, try await opened.people.setMe(NewMe(name: name, language: language)))
        chosen = nil
    }

    private func recover(_ twelve: String, _ relay: String, language: String, passphrase: String?) async throws {
        let words = try await words(language)  // in which also mistakes are told
        let opened = try await unnamed(passphrase)
        // Others have their turn meanwhile: whoever turns away, or locks, does not wait for the line.
        let me = try await aside { try await find(opened, twelve, relay) }
        if rafiq !== opened { return }  // locked: what was found is there after unlocking
        if let me {
            try await show(opened, me)
            chosen = nil
        } else {
            let sentence = await words.say { $0.text("app-kit-unreached") }
            edit { $0.notice = sentence }
        }
    }

    /// Whose the words are: their relay is asked, unless it has answered already. Nil where that, or their name, did not get through.
    private func find(_ opened: Rafiq, _ twelve: String, _ relay: String) async throws -> Me? {
        try await reached {
            if try await opened.people.me() == nil, try await !opened.recovery.isReading() {
                try await opened.recover(words: twelve, relay: relay, carrier: host.carrier)
            }
            // Brings their name, and what they have written; the rest of it comes with the next ones.
            let budget = Budget(bytes: Self.atOnce, metered: host.metered())
            _ = try await reached { try await opened.exchange(budget: budget, carrier: host.carrier) }
            return try await opened.people.me()
        }
    }

    /// What a relay answers; nil where there is no line, or none any more since the app was put to sleep.
    private func reached<Answer: Sendable>(_ ask: () async throws -> Answer?) async throws -> Answer? {
        do {
            return try await ask()
        } catch RafiqError.Host, RafiqError.Closed {
            return nil
        } catch let error as RafiqError {
            throw error
        } catch {  // whatever a carrier throws
            return nil
        }
    }

    /// The profile in which nobody has said yet who they are.
    private func unnamed(_ passphrase: String?) async throws -> Rafiq {
        let opened: Rafiq
        if let rafiq {
            opened = rafiq
        } else {
            opened = try await profile(passphrase)
            keep(opened)
            hasPassphrase = passphrase != nil
            chosen = passphrase
        }
        if passphrase != chosen {
            try await changePassphrase(chosen, passphrase)
            chosen = passphrase
        }
        return opened
    }

    /// Bytes of one request and of one answer.
    private static let atOnce: Int64 = 512 * 1024

    private func profile(_ passphrase: String?) async throws -> Rafiq {
        try await Rafiq(
            folder: host.folder, vault: host.vault, passphrase: passphrase, clock: host.clock, random: host.random,
            models: host.models)
    }

    private func keep(_ opened: Rafiq) {
        rafiq = opened
        wakefulness = Wakefulness()
        profileWork = Work()
    }

    private func show(_ rafiq: Rafiq, _ me: Me) async throws {
        var words = try await words(me.calendar.map { "\(me.language)-u-ca-\($0)" } ?? me.language)
        if !host.models.isEmpty { words = words.with(try await rafiq.modelTexts(language: words.tag)) }
        try await Rafiq.keepLanguage(folder: host.folder, tag: me.language)
        let session = Session(
            rafiq: rafiq, words: words, me: me.id, host: host, keeper: self, wakefulness: wakefulness, work: profileWork)
        present(.content(AppContent(at: .open(session: session), words: words, notice: nil)))
    }

    private func at(_ place: Where) async throws { present(.content(AppContent(at: place, words: try await speak(), notice: nil))) }

    /// What somebody has saved is saved, also if it still waits for its turn, or for the app to be woken; within what the host allows.
    private func finish() async {
        if !profileWork.isRunning { return }
        if wakefulness.state == .suspended {
            do { try await wake() } catch { return }  // it cannot be saved; opening it again says why
        }
        await profileWork.done(within: .milliseconds(host.patienceMs))
    }

    /// The profile that is open is asked no more, then its files are closed.
    private func close() async throws {
        wakefulness.state = .closed
        guard let closing = rafiq else { return }
        rafiq = nil
        try await closing.close()
    }

    private func sleep() async throws {
        guard let rafiq else { return }
        if wakefulness.state == .awake { await finish() }  // the system may end the process while it sleeps
        wakefulness.state = .suspended
        try await rafiq.suspend()
    }

    private func wake() async throws {
        guard let rafiq else { return }
        try await rafiq.resume()
        wakefulness.state = .awake
    }

    /// The words before anything is open: in the language last used, else the device's.
    private func speak() async throws -> Words {
        if let words { return words }
        let last = try? await Rafiq.lastLanguage(folder: host.folder)
        return try await words(last ?? host.deviceLanguage())
    }

    private func words(_ tag: String) async throws -> Words {
        if let words, words.tag == tag { return words }
        let opened = try await Words.of(tag)
        words = opened
        return opened
    }

    /// What an error that forbids opening makes of the app; nil for one that only this attempt met.
    func whereNow(_ error: RafiqError, _ words: Words) -> Where? {
        switch error {
        case .Corrupt: .damaged(sentence: words.error(error), needsPassphrase: hasPassphrase)
        case .KeyLost, .WrongKey: .keyLost(sentence: words.error(error))
        case .NewerVersion: .newerVersion(sentence: words.error(error))
        case .InUse: .inUse(sentence: words.error(error))
        default: nil
        }
    }
}

/// An empty text is none.
func nonempty(_ text: String?) -> String? { text == "" ? nil : text }
