import Foundation
@testable import Phones
import Rafiq
@testable import RafiqPresenters

/// A screen said that something did not work.
struct Said: Error { let sentence: String }

/// A person of the scenario with their phone: acts on screens and tells what they show.
@MainActor final class Actor {
    private let folder: URL
    private let clock: HandClock
    private let relay: String
    private let carrier = CountingCarrier()
    private let app: AppPresenter
    private var name = ""

    init(folder: URL, clock: HandClock, random: SeededRandom, relay: String) {
        self.folder = folder
        self.clock = clock
        self.relay = relay
        app = AppPresenter(
            host: RafiqPresenters.Host(
                folder: folder, vault: nil, deviceLanguage: { "en" }, zone: { "Europe/Vienna" }, clock: clock, carrier: carrier,
                random: random))
    }

    private var session: RafiqPresenters.Session {
        get throws {
            guard case .open(let session) = app.state.content?.at else { throw Unexpected("not open: \(app.state)") }
            return session
        }
    }

    /// A sentence on the screen, against that of the error that was to come.
    func failed(_ sentence: String, expected: Json) throws -> Json {
        let named = expected["error"].string
        let isIt = try !named.isEmpty && sentence == session.words.error(error(named: named))
        return .object(["error": .text(isIt ? named : sentence), "sentence": .text(sentence)])
    }

    func act(_ what: String, _ a: Json) async throws -> Json {
        switch what {
        case "open": return try await open(a)
        case "close": try await session.rafiq.close()
        case "set-relay": try await did(SyncPresenter(session: session), .setRelay(url: relay), \.notice)
        case "invite":
            let invite = try InvitePresenter(session: session, space: a["space"].string)
            return .object(["text": .text(try await did(invite, .make(reach: .remote), \.notice).text ?? "")])
        case "accept":
            let join = try JoinPresenter(session: session)
            try await did(join, .read(text: a["text"].string), \.notice)
            let done = try await did(join, .accept, \.notice).done
            return .object(["needs-confirmation": .bool(done == (try await say("app-join-sent")))])
        case "admit-all": return try await admitAll()
        case "exchange": return try await exchange()
        case "people":
            let group = try GroupPresenter(session: session, id: SupportGroupId(value: a["space"].string))
            return .object(["names": .sorted(try await group.content().people.map(shownName))])
        case "alerts", "settle-alerts", "due": return try await onToday(what)
        case "status":
            let shown = try await SyncPresenter(session: session).content()
            let waiting = Json.count(shown.waiting == (try await say("sync-up-to-date")) ? 0 : 1)
            let held = Json.count(shown.held.count)
            return .object(["unsent": waiting, "outbox": waiting, "waiting": held, "quarantined": held])
        case "check-in": try await checkIn(a)
        case "check-ins":
            let shown = try await CheckInsPresenter(session: session).known()
            if let sentence = shown.failed { throw Said(sentence: sentence) }
            return .object(["notes": .sorted(shown.content?.checkIns.map(\.note) ?? [])])
        case "found-group", "schedule", "sessions", "attendance", "marks": return try await inGroup(what, a)
        default: return try await inPairing(what, a)
        }
        return .object([:])
    }

    private func open(_ a: Json) async throws -> Json {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        await app.on(.start).value
        name = a["name"].string
        let setUp = SetUpPresenter(app: app)
        setUp.on(.chooseLanguage(tag: a["language"].string))
        setUp.on(.next)
        setUp.on(.enterName(name: name))
        setUp.on(.next)
        setUp.on(.chooseProtection(withPassphrase: false))
        await setUp.on(.finish).value
        if a["calendar"] != .null {
            await (try ProfilePresenter(session: session)).on(.chooseCalendar(calendar: a["calendar"].string)).value
        }
        let profile = try await ProfilePresenter(session: session).content()
        let calendar: String? = try profile.calendars.chosen()
        return .object(["name": .text(profile.name), "calendar": calendar.map(Json.text) ?? .null])
    }

    private func admitAll() async throws -> Json {
        let requests = try await TogetherPresenter(session: session).content().requests
        for request in requests {
            guard case .invite(let space) = request.leadsTo else { throw Unexpected("\(request.leadsTo)") }
            await (try InvitePresenter(session: session, space: space)).on(.admit(request: request.request)).value
        }
        guard try await TogetherPresenter(session: session).content().requests.isEmpty else {
            throw Unexpected("a request is left")
        }
        return .object(["names": .sorted(requests.map(\.text.written))])
    }

    /// What came is told by the screens: an alert by today's, a space by that of what is shared, nothing by the notice.
    private func exchange() async throws -> Json {
        let (sync, together) = (try SyncPresenter(session: session), try TogetherPresenter(session: session))
        let today = try TodayPresenter(session: session)
        let shared = try await together.content().shared
        let alerts = try await today.content().alerts.count
        let nothingToSend = try await sync.content().waiting == say("sync-up-to-date")
        _ = carrier.taken()
        guard let notice = try await did(sync, .exchangeNow, { _ in nil }).notice else {
            throw Unexpected("an exchange says how it was")
        }
        for failure in ["sync-offline", "sync-interrupted", "app-relay-trouble", "app-relay-none"]
        where try await notice == say(failure) {
            throw Said(sentence: notice)
        }
        let delivered: [String] =
            if try await notice == say("sync-up-to-date") {
                []
            } else if try await today.does(.refresh).alerts.count > alerts {
                ["alert"]
            } else {
                [notice]
            }
        return .object([
            "rounds": .count(carrier.taken()), "delivered": .texts(delivered), "first": .text(delivered.first ?? ""),
            "stored": .count(nothingToSend ? 0 : 1), "joined": .count(try await together.does(.refresh).shared - shared),
        ])
    }

    private func onToday(_ what: String) async throws -> Json {
        let today = try TodayPresenter(session: session)
        let shown = try await today.content()
        switch what {
        case "alerts":
            var kinds: [String] = []
            for alert in shown.alerts {
                let asks = try await say("alert-contact-today", ["name": .text(value: alert.text.written)])
                kinds.append(alert.text == asks ? "contact-me-today" : alert.text)
            }
            return .object([
                "names": .texts(shown.alerts.map(\.text.written)), "kinds": .texts(kinds),
                "confirmed": .list(shown.alerts.map { .bool($0.unconfirmed == nil) }),
            ])
        case "settle-alerts":
            for alert in shown.alerts { try await did(today, .settle(alert: alert.alert), \.notice) }
            return .object(["settled": .count(shown.alerts.count - (try await today.content().alerts.count))])
        default:
            let conflicts = shown.due.filter { $0.id.hasPrefix("conflict/") }
            return .object(["kinds": .texts(shown.alerts.map { _ in "alert" } + conflicts.map { _ in "conflict" })])
        }
    }

    private func checkIn(_ a: Json) async throws {
        let checkIn = try CheckInPresenter(session: session)
        checkIn.on(.chooseFeeling(value: try named(a["feeling"], faces)))
        for help in a["helps"].items { checkIn.on(.toggleHelp(help: try named(help, Named.helps))) }
        checkIn.on(.next)
        checkIn.on(.chooseContact(wish: try named(a["contact"], Named.wishes)))
        let share = a["share"].string
        checkIn.on(.chooseShare(share: share == "private" ? .private : .pairing(pairing: share)))
        checkIn.on(.writeNote(note: a["note"].string))
        guard try await did(checkIn, .save, \.notice).kept != nil else { throw Unexpected("the check-in was not kept") }
    }

    /// Does it; a notice that tells of a failure is thrown.
    @discardableResult
    func did<Content, Event>(
        _ presenter: Presenter<Content, Event>, _ event: Event, _ failure: (Content) -> String?
    ) async throws -> Content {
        _ = try await presenter.content()
        let content = try await presenter.does(event)
        if let sentence = failure(content) { throw Said(sentence: sentence) }
        return content
    }

    func shownName(_ person: PersonRow) -> String { person.isMe ? name : person.name.plain }

    /// A role's id, by its name in the person's language.
    func role(_ text: String?) async throws -> String {
        let models = try await TogetherPresenter(session: session).content().models
        return models.flatMap(\.roles).first { $0.text == text }?.value ?? ""
    }

    /// What a screen makes of this session.
    func on<Screen>(_ open: (RafiqPresenters.Session) throws -> Screen) throws -> Screen { try open(session) }

    private func say(_ id: String, _ args: [String: Arg] = [:]) async throws -> String {
        try await session.words.say { $0.text(id, args) }
    }
}

/// The scenario's feelings as the faces stand on the screen.
private let faces = ["very-hard": 1, "hard": 2, "so-so": 3, "good": 4, "very-good": 5]

/// The value that a scenario's word stands for.
func named<Value>(_ word: Json, _ values: [String: Value]) throws -> Value {
    guard let value = values[word.string] else { throw Unexpected("no such word: \(word)") }
    return value
}

/// The error that a scenario names by its variant and words.
private func error(named: String) throws -> RafiqError {
    let words = named.split(separator: " ").map(String.init)
    switch (words.first, words.count) {
    case ("Invalid", 3): return .Invalid(field: words[1], reason: words[2])
    case ("Closed", 1): return .Closed
    default: throw Unexpected("no such error: \(named)")
    }
}

extension TogetherContent {
    /// How many pairings and groups there are.
    fileprivate var shared: Int { pairings.count + groups.count }
}

extension String {
    /// What a person wrote, out of a sentence around it.
    var written: String {
        let scalars = unicodeScalars
        let from = scalars.firstIndex(of: "\u{2068}").map { scalars.index(after: $0) } ?? scalars.startIndex
        return String(scalars[from...].prefix { $0 != "\u{2069}" })
    }
}
