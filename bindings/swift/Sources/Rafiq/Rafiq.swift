import Dispatch
import Foundation
import RafiqBindings

/// One person's profile on this device: the nouns, sync, and what they stand on.
///
///     let rafiq = try await Rafiq(folder: folder, vault: KeychainVault())
///     _ = try await rafiq.people.setMe(NewMe(name: "آمنه", language: "prs"))
///     _ = try await rafiq.checkIns.record(NewCheckIn(feeling: .good, contact: .no, share: .private))
///     for try await notes in rafiq.watch({ try await $0.checkIns.list(filter: CheckInFilter(), limit: 20).items }) { show(notes) }
///
/// Calls run where they may wait for the disk; but for ``exchange(relay:budget:rounds:carrier:)`` none waits for the network. They
/// throw ``RafiqError``: show people ``Language/errorText(_:)``. After ``close()`` it is `RafiqError.Closed`.
public actor Rafiq {
    private nonisolated let core: RafiqBindings.Rafiq
    private var lastExchange: Task<Void, Never>?

    /// People: oneself, and those in each space.
    public nonisolated let people: People
    /// Check-ins: how it is going, for oneself or for a mentor.
    public nonisolated let checkIns: CheckIns
    /// Groups: who they are, when they meet, who came.
    public nonisolated let groups: SupportGroups
    /// Pairings: the next meeting, goals, milestones, the plan.
    public nonisolated let mentoring: Mentoring
    /// The directory of services.
    public nonisolated let directory: Directory
    /// Alerts from those who ask to be contacted.
    public nonisolated let safety: Safety
    /// The recovery kit: twelve words on paper for the day on which the phone is gone.
    public nonisolated let recovery: Recovery
    /// Invites and spaces.
    public nonisolated let sharing: Sharing
    /// What is due now, across nouns.
    public nonisolated let today: Today
    /// The sync engine.
    public nonisolated let sync: SyncEngine

    /// Opens the profile in a folder, or makes one in an empty folder.
    ///
    /// `vault` is the platform's secret: a Keychain item on a phone; without one it lies in a file in the folder, readable by its owner
    /// alone. `models` are the TOML texts of further support models.
    public init(
        folder: URL, vault: (any KeyVault)? = nil, passphrase: String? = nil, clock: (any HostClock)? = nil,
        random: (any HostRandom)? = nil, models: [String] = [], progress: (any ProgressListener)? = nil
    ) async throws {
        let path = folder.path
        let core = try await call {
            try RafiqBindings.Rafiq.open(
                folder: path, vault: vault ?? fileKeyVault(folder: path), passphrase: passphrase, clock: clock, random: random,
                models: models, progress: progress)
        }
        self.core = core
        people = People(core: try core.people())
        checkIns = CheckIns(core: try core.checkIns())
        groups = SupportGroups(core: try core.groups())
        mentoring = Mentoring(core: try core.mentoring())
        directory = Directory(core: try core.directory())
        safety = Safety(core: try core.safety())
        recovery = Recovery(core: try core.recovery())
        sharing = Sharing(core: try core.sharing())
        today = Today(core: try core.today())
        sync = SyncEngine(core: try core.sync())
    }

    /// The profiles in the folders directly under `root`, each with a store, a key and a passphrase of its own, also those that are damaged or
    /// in use; none that was wiped. Give each a vault of its own, named by its id: a wipe deletes that vault's key. Whoever can look into
    /// `root` sees how many there are.
    public static func profiles(root: URL) async throws -> [StoredProfile] {
        let path = root.path
        return try await call { try listProfiles(root: path) }
    }

    /// A place under `root` for one more profile. Nothing is written: opening makes it there, and from then on it is listed.
    public static func newProfile(root: URL) async throws -> StoredProfile {
        let path = root.path
        return try await call { try RafiqBindings.newProfile(root: path) }
    }

    /// Looks at a profile's folder without changing anything.
    public static func inspect(folder: URL, vault: (any KeyVault)? = nil) async throws -> ProfileState {
        let path = folder.path
        return try await call { try inspectProfile(folder: path, vault: vault ?? fileKeyVault(folder: path)) }
    }

    /// Sets, changes or (`new` is nil) takes away a profile's passphrase; it may be open meanwhile. Takes about a second each.
    /// `Locked` without the old one where one is in use; after any error the old one holds.
    public static func changePassphrase(folder: URL, old: String?, new: String?, vault: (any KeyVault)? = nil) async throws {
        let path = folder.path
        try await call {
            try RafiqBindings.changePassphrase(folder: path, vault: vault ?? fileKeyVault(folder: path), old: old, new: new)
        }
    }

    /// Puts a damaged store aside (nothing is deleted), so that the next opening begins a fresh one, which its spaces must invite
    /// again: where it went. `Invalid(profile, not-damaged)` for a store that can be read; it stays.
    public static func setAside(folder: URL, passphrase: String? = nil, vault: (any KeyVault)? = nil) async throws -> URL {
        let path = folder.path
        return try await call {
            URL(
                fileURLWithPath: try setProfileAside(
                    folder: path, vault: vault ?? fileKeyVault(folder: path), passphrase: passphrase))
        }
    }

    /// Forgets a profile: key, then store. Ask twice first; if it fails, call it again. `InUse` while it is open.
    public static func wipe(folder: URL, vault: (any KeyVault)? = nil) async throws {
        let path = folder.path
        try await call { try wipeProfile(folder: path, vault: vault ?? fileKeyVault(folder: path)) }
    }

    /// The language that a profile was last used in, kept beside it in clear: for the question for its passphrase.
    public static func lastLanguage(folder: URL) async throws -> String? {
        let path = folder.path
        return try await call { try RafiqBindings.lastLanguage(folder: path) }
    }

    /// Keeps the language for ``lastLanguage(folder:)``.
    public static func keepLanguage(folder: URL, tag: String) async throws {
        let path = folder.path
        try await call { try RafiqBindings.keepLanguage(folder: path, tag: tag) }
    }

    /// Reads the TOML text of a support model without taking it in: its id.
    public static func check(model: String) async throws -> String {
        try await call { try checkSupportModel(text: model) }
    }

    /// The support models that can be used.
    public nonisolated func supportModels() async throws -> [SupportModelInfo] {
        try await call { [core] in try core.supportModels() }
    }

    /// What support models given when it was opened say in their own files and `language` (BCP 47) does not, by message id: to be asked once
    /// when a language is opened, and to be looked into before ``Language/texts(_:)``, which does not know these. A sentence that is shipped
    /// holds for all models, unless it is in another language and the file's is not.
    public nonisolated func modelTexts(language: String) async throws -> [String: Spoken] {
        try await call { [core] in try core.modelTexts(language: language) }
    }

    /// Exchanges with a relay, or with all of this profile's, until nothing is left to do. Where the carrier fails, what was received
    /// stays, and the next exchange goes on from there.
    /// One at a time: a second call waits for the first.
    public func exchange(
        relay: String? = nil, budget: Budget = Budget(bytes: 512 * 1024), rounds: Int = 16,
        carrier: any Carrier = HTTPCarrier()
    ) async throws -> [Received] {
        // An actor lets a second call in while the first waits for the line, so calls stand in a row by themselves.
        let before = lastExchange
        let exchange = Task {
            await before?.value
            try Task.checkCancellation()
            return try await exchangeNow(relay: relay, budget: budget, rounds: rounds, carrier: carrier)
        }
        lastExchange = Task { _ = await exchange.result }
        return try await withTaskCancellationHandler {
            try await exchange.value
        } onCancel: {
            exchange.cancel()
        }
    }

    /// On a new phone: finds the personal space of a recovery kit. Then this profile is the person's, under the name that they had; what they
    /// have written comes with the next ``exchange(relay:budget:rounds:carrier:)``, and once all of it is here (``Recovery/isReading()``) their
    /// lost phone is taken out. Where the carrier fails nothing has changed, and one may try again. A second call replaces the first.
    ///
    /// Errors: as ``Recovery/check(words:)``; `Invalid{relay, …}`; `Invalid{profile, in-use}` if something was written or shared in this profile
    /// already: make another one on this phone; `Invalid{words, no-kit}`: this relay knows no kit of these words (another relay may, or
    /// another kit has replaced it); `Invalid{relay, busy}`.
    public nonisolated func recover(words: String, relay: String, carrier: any Carrier = HTTPCarrier()) async throws {
        var next: Exchange? = try await recovery.begin(words: words, relay: relay)
        do {
            while let exchange = next { next = try await recovery.take(answer: try await carrier.carry(exchange)) }
        } catch {
            try? await recovery.giveUp()
            throw error
        }
    }

    private func exchangeNow(relay: String?, budget: Budget, rounds: Int, carrier: any Carrier) async throws -> [Received] {
        var received: [Received] = []
        let relays = if let relay { [relay] } else { try await sync.relays() }
        for url in relays {
            for _ in 0..<rounds {
                let answer = try await carrier.carry(try await sync.nextExchange(relay: url, budget: budget))
                let taken = try await call { [core] in try core.receive(bytes: answer) }
                received.append(taken)
                if !taken.again { break }
            }
        }
        return received
    }

    /// Reads a bundle that ``SyncEngine/writeBundle(file:spaces:carried:)`` has written, here or elsewhere. What is damaged in it is no
    /// error but part of the report. Reading it again does no harm.
    ///
    /// Errors: `NotFound`, `Invalid{file, not-a-bundle}`; `StorageFull` and the like, after which the bundle may be read again.
    public nonisolated func readBundle(file: URL) async throws -> BundleReport {
        let path = file.path
        return try await call { [core] in try core.readBundle(path: path) }
    }

    /// The same from any stream: a socket, a cable. Where it fails, the report says `unreadable`.
    public nonisolated func readBundle(from source: any ByteSource) async throws -> BundleReport {
        try await call { [core] in try core.readBundleSource(source: source) }
    }

    /// What changes from now on: each element is what changed since the last one, merged by noun and never dropped, however slow the
    /// reader. No keys (or more than 100 of them): look at everything of the noun. Ends when the reading task is cancelled or the
    /// sequence is let go.
    public nonisolated func changes() throws -> Changes {
        let (wakes, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let heard = Heard(wake)
        let subscription = try core.subscribe(listener: heard)
        wake.onTermination = { _ in try? subscription.cancel() }
        return wakes.map { heard.take() }
    }

    /// What `query` answers, now and after every change, when it differs.
    public nonisolated func watch<Answer: Sendable & Equatable>(
        _ query: @escaping @Sendable (Rafiq) async throws -> Answer
    ) -> AsyncThrowingStream<Answer, any Error> {
        AsyncThrowingStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let asking = Task {
                do {
                    let changes = try self.changes()  // before the first answer, so that no change falls between
                    var last = try await query(self)
                    continuation.yield(last)
                    for await _ in changes {
                        let next = try await query(self)
                        if next != last { continuation.yield(next) }
                        last = next
                    }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in asking.cancel() }
        }
    }

    /// Checkpoints and closes the files; calls throw `Closed` until ``resume()``. Apps call it before the system suspends them.
    public func suspend() async throws { try await call { [core] in try core.suspend() } }

    /// Opens the files again.
    public func resume() async throws { try await call { [core] in try core.resume() } }

    /// Closes the files and gives the folder free for another process. Idempotent.
    public func close() async throws { try await call { [core] in try core.shutdown() } }

    /// A bug of ours, in the middle of a write; for tests.
    public func panicForTests() async throws { try await call { [core] in try core.panicForTests() } }
}

/// What changed, as ``Rafiq/changes()`` gives it.
public typealias Changes = AsyncMapSequence<AsyncStream<Void>, [Changed]>

/// Calls wait for the disk here: Swift's own few threads must not.
private let disk = DispatchQueue(label: "org.rafiq.disk", attributes: .concurrent)

/// How many calls went to the core: for the tests that keep the start of a screen cheap.
let callsToCore = Count()

/// A number that many threads count up.
final class Count: @unchecked Sendable {  // `number` is only touched under the lock
    private let lock = NSLock()
    private var number = 0

    var now: Int { lock.withLock { number } }

    func add() { lock.withLock { number += 1 } }
}

/// Runs a blocking call of the core.
func call<Answer: Sendable>(_ work: @escaping @Sendable () throws -> Answer) async throws -> Answer {
    callsToCore.add()
    return try await withCheckedThrowingContinuation { continuation in
        disk.async { continuation.resume(with: Result(catching: work)) }
    }
}

/// What was heard and not yet taken, by noun; nil means everything of it.
private final class Heard: ChangeListener, @unchecked Sendable {  // `pending` is only touched under the lock
    private static let mostKeys = 100
    private let lock = NSLock()
    private var nouns: [String] = []
    private var pending: [String: [String]?] = [:]
    private let wake: AsyncStream<Void>.Continuation

    init(_ wake: AsyncStream<Void>.Continuation) { self.wake = wake }

    func changed(changes: [Changed]) throws {
        lock.withLock {
            for changed in changes {
                if pending[changed.noun] == nil {
                    nouns.append(changed.noun)
                    pending[changed.noun] = .some([])
                }
                guard case .some(.some(let known)) = pending[changed.noun] else { continue }
                let keys = known + changed.keys.filter { !known.contains($0) }
                pending[changed.noun] = .some(changed.keys.isEmpty || keys.count > Self.mostKeys ? nil : keys)
            }
        }
        wake.yield()
    }

    func take() -> [Changed] {
        lock.withLock {
            defer { (nouns, pending) = ([], [:]) }
            return nouns.map { Changed(noun: $0, keys: (pending[$0] ?? nil) ?? []) }
        }
    }
}
