import Foundation
import Rafiq
@testable import RafiqPresenters

/// 2026-11-22 08:00 UTC: a Sunday.
let startMs: Int64 = 1_795_334_400_000
let hourMs: Int64 = 60 * 60 * 1000
let dayMs = 24 * hourMs

/// A clock that moves only when it is told to.
final class HandClock: AppClock, @unchecked Sendable {  // `time` is only touched under the lock
    private let lock = NSLock()
    private var time: Int64

    init(_ time: Int64 = startMs) { self.time = time }

    var now: Int64 {
        get { lock.withLock { time } }
        set { lock.withLock { time = newValue } }
    }

    func nowMs() -> Int64 { now }
}

/// A platform key that can be lost.
final class TestVault: KeyVault, @unchecked Sendable {  // `kept` is only touched under the lock
    private let lock = NSLock()
    private var kept: UInt8?

    init(_ key: UInt8? = 7) { kept = key }

    var key: UInt8? {
        get { lock.withLock { kept } }
        set { lock.withLock { kept = newValue } }
    }

    func wrap(secret: Data) throws -> Data {
        guard let key else { throw HostError.KeyGone }
        return Data(secret.map { $0 ^ key })
    }

    func unwrap(wrapped: Data) throws -> Data { try wrap(secret: wrapped) }

    func delete() throws { key = nil }
}

/// Something was not shown, or was not as it should be.
struct Unexpected: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// A phone with the app on it: the real library, and presenters instead of screens.
@MainActor final class Phone {
    nonisolated static let zone = "Europe/Vienna"
    let folder: URL
    let clock: HandClock
    let vault: TestVault
    let app: AppPresenter

    init(
        _ folder: URL, _ deviceLanguage: String = "en", clock: HandClock = HandClock(), vault: TestVault = TestVault(),
        carrier: any Carrier = HTTPCarrier(),
        pause: @escaping @Sendable (Int64) async -> Void = { try? await Task.sleep(for: .milliseconds($0)) },
        patienceMs: Int64 = 5_000, metered: @escaping @Sendable () -> Bool = { false }, models: [String] = []
    ) {
        self.folder = folder
        self.clock = clock
        self.vault = vault
        app = AppPresenter(
            host: RafiqPresenters.Host(
                folder: folder, vault: vault, deviceLanguage: { deviceLanguage }, zone: { Self.zone }, clock: clock,
                carrier: carrier, models: models,
                pause: pause, patienceMs: patienceMs, metered: metered))
    }

    var session: RafiqPresenters.Session {
        get throws {
            guard case .open(let session) = app.state.content?.at else { throw Unexpected("not open: \(app.state)") }
            return session
        }
    }

    /// Where the app is.
    var at: Where? { app.state.content?.at }

    func start() async { await app.on(.start).value }

    /// Goes through the first steps as a person does.
    func setUp(_ name: String, _ language: String, passphrase: String? = nil) async throws {
        await start()
        let setUp = SetUpPresenter(app: app)
        setUp.on(.chooseLanguage(tag: language))
        setUp.on(.next)
        setUp.on(.enterName(name: name))
        setUp.on(.next)
        setUp.on(.chooseProtection(withPassphrase: passphrase != nil))
        if let passphrase { setUp.on(.enterPassphrase(first: passphrase, again: passphrase)) }
        await setUp.on(.finish).value
        _ = try session
    }

    /// Exchanges as the screen does; the sentence about it.
    @discardableResult func exchange() async throws -> String? {
        try await SyncPresenter(session: session).does(.exchangeNow).notice
    }

    /// Founds a group.
    func foundGroup() async throws -> SupportGroupId {
        let event = TogetherEvent.foundGroup(name: "Neighbours", language: "en", capacity: 12, place: "Library")
        guard case .group(let id) = try await TogetherPresenter(session: session).does(event).begun else {
            throw Unexpected("no group")
        }
        return id
    }

    /// Begins a pairing.
    func beginPairing(_ model: String, _ role: String, _ title: String) async throws -> PairingId {
        let event = TogetherEvent.beginPairing(model: model, role: role, title: title)
        guard case .pairing(let id) = try await TogetherPresenter(session: session).does(event).begun else {
            throw Unexpected("no pairing")
        }
        return id
    }

    /// Ends the app as the system does.
    func close() async { try? await (try? session)?.rafiq.close() }
}

/// One invites, the other answers, the first lets in.
@MainActor func invite(from inviter: Phone, _ invited: Phone, into space: String) async throws {
    let invite = try InvitePresenter(session: inviter.session, space: space)
    guard let text = try await invite.does(.make(reach: .remote)).text else { throw Unexpected("no invitation") }
    let join = try JoinPresenter(session: invited.session)
    _ = try await join.does(.read(text: text))
    _ = try await join.does(.accept)
    for phone in [inviter, invited, inviter] { try await phone.exchange() }  // first the relay learns where answers go
    guard let request = try await invite.content(where: { !$0.requests.isEmpty }).requests.first else {
        throw Unexpected("no request")
    }
    _ = try await invite.does(.admit(request: request.request))
    for phone in [inviter, invited] { try await phone.exchange() }
}

/// Two people in a pairing, joined over a relay as people do it.
@MainActor final class Two {
    let mentor: Phone
    let newcomer: Phone
    let clock = HandClock()
    let pairing: PairingId

    init(_ folder: URL, _ relay: Relay, mentorLanguage: String = "en", newcomerLanguage: String = "prs") async throws {
        mentor = Phone(folder.appendingPathComponent("mentor"), clock: clock)
        newcomer = Phone(folder.appendingPathComponent("newcomer"), clock: clock)
        try await mentor.setUp("Олена", mentorLanguage)
        try await newcomer.setUp("آمنه", newcomerLanguage)
        _ = try await SyncPresenter(session: mentor.session).does(.setRelay(url: relay.url))
        pairing = try await mentor.beginPairing("newcomer-mentoring", "mentor", "Olena & Amina")
        try await invite(from: mentor, newcomer, into: pairing.value)
        _ = try await PairingPresenter(session: newcomer.session, id: pairing).does(.takeRole(role: "newcomer"))
        try await exchange()
    }

    func exchange() async throws {
        for _ in 0..<2 { for phone in [newcomer, mentor] { try await phone.exchange() } }
    }

    func presenters() throws -> (mentor: PairingPresenter, newcomer: PairingPresenter) {
        (try PairingPresenter(session: mentor.session, id: pairing), try PairingPresenter(session: newcomer.session, id: pairing))
    }

    func close() async {
        await mentor.close()
        await newcomer.close()
    }
}
