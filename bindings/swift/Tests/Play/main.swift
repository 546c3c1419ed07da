// Plays a scenario: play SCENARIO FOLDER PLAYER, with the relay's address in RAFIQ_RELAY_URL. See tests/scenarios/field-day.json.

import Foundation
import Rafiq

final class SetClock: HostClock, @unchecked Sendable {  // one task plays
    var now: Int64
    init(_ now: Int64) { self.now = now }
    func nowMs() throws -> Int64 { now }
}

let feelings: [String: Feeling] = ["very-hard": .veryHard, "hard": .hard, "so-so": .soSo, "good": .good, "very-good": .veryGood]

struct Wrong: Error { let what: String }

final class Actor {
    let folder: URL, clock: SetClock, random: SeededRandom, relay: String
    var language = "en"
    var opened: Rafiq?

    init(folder: URL, clock: SetClock, random: SeededRandom, relay: String) {
        (self.folder, self.clock, self.random, self.relay) = (folder, clock, random, relay)
    }

    func say(_ error: RafiqError) throws -> Json {
        let words: [String] =
            switch error {
            case .Invalid(let field, let reason): ["Invalid", field, reason]
            case .NoConsent(let purpose): ["NoConsent", purpose]
            case .NotAllowed(let role): ["NotAllowed", role]
            default: [String("\(error)".prefix { $0.isLetter })]
            }
        return .object([
            "error": .text(words.joined(separator: " ")), "sentence": .text(try Language(language).errorText(error).text),
        ])
    }

    func act(_ what: String, _ a: Json) async throws -> Json {
        if what == "open" {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            language = a["language"].string
            let rafiq = try await Rafiq(folder: folder, clock: clock, random: random)
            opened = rafiq
            let calendar = a["calendar"] == .null ? nil : a["calendar"].string
            let me = try await rafiq.people.setMe(NewMe(name: a["name"].string, language: language, calendar: calendar))
            return .object(["name": .text(me.name), "calendar": me.calendar.map(Json.text) ?? .null])
        }
        guard let rafiq = opened else { throw Wrong(what: "not open") }
        switch what {
        case "close": try await rafiq.close()
        case "set-relay": try await rafiq.sync.setHomeRelay(url: relay)
        case "invite":
            return .object(["text": .text(try await rafiq.sharing.invite(space: a["space"].string, reach: .remote).text)])
        case "accept":
            return .object(["needs-confirmation": .bool(try await rafiq.sharing.accept(text: a["text"].string).needsConfirmation)])
        case "admit-all":
            let requests = try await rafiq.sharing.requests()
            for request in requests { try await rafiq.sharing.admit(request: request.id) }
            return .object(["names": .sorted(requests.map(\.name))])
        case "exchange":
            let answers = try await rafiq.exchange(relay: relay)
            let delivered = answers.flatMap(\.delivered)
            return .object([
                "rounds": .count(answers.count), "delivered": .texts(delivered), "first": .text(delivered.first ?? ""),
                "stored": .number(answers.map(\.stored).reduce(0, +)), "joined": .count(answers.map(\.joined.count).reduce(0, +)),
            ])
        case "people": return .object(["names": .sorted(try await names(rafiq, a["space"].string).keys)])
        case "alerts":
            let alerts = try await rafiq.safety.alerts()
            return .object([
                "names": .texts(alerts.map(\.name)), "kinds": .texts(alerts.map(\.kind)),
                "confirmed": .list(alerts.map { .bool($0.confirmed) }),
            ])
        case "settle-alerts":
            let alerts = try await rafiq.safety.alerts()
            for alert in alerts { try await rafiq.safety.settle(alert: alert.id) }
            return .object(["settled": .count(alerts.count)])
        case "due":
            let due = try await rafiq.today.list(nowMs: clock.now, zone: a["zone"].string)
            return .object([
                "kinds": .texts(due.compactMap { $0.kind == .alert ? "alert" : $0.kind == .conflict ? "conflict" : nil })
            ])
        case "status":
            let status = try await rafiq.sync.status()
            return .object([
                "unsent": .number(status.unsentChanges), "outbox": .number(status.outbox), "waiting": .number(status.waiting),
                "quarantined": .number(status.quarantined),
            ])
        case "check-in":
            guard let feeling = feelings[a["feeling"].string], let contact = Named.wishes[a["contact"].string] else {
                throw Wrong(what: what)
            }
            let share: Share = a["share"].string == "private" ? .private : .pairing(pairing: a["share"].string)
            let kept = try await rafiq.checkIns.record(
                NewCheckIn(
                    feeling: feeling, helps: a["helps"].items.compactMap { Named.helps[$0.string] }, contact: contact, share: share,
                    note: a["note"].string))
            return .object(["note": .text(kept.note)])
        case "check-ins":
            let found = try await rafiq.checkIns.list(filter: CheckInFilter(), limit: 100).items
            return .object(["notes": .sorted(found.map(\.note))])
        case "found-group", "schedule", "sessions", "attendance", "marks": return try await inGroup(rafiq, what, a)
        default: return try await inPairing(rafiq, what, a)
        }
        return .object([:])
    }

    func names(_ rafiq: Rafiq, _ space: String) async throws -> [String: PersonRef] {
        Dictionary(uniqueKeysWithValues: try await rafiq.people.list(space: space).map { ($0.name, $0.id) })
    }

    func inGroup(_ rafiq: Rafiq, _ what: String, _ a: Json) async throws -> Json {
        let group = SupportGroupId(value: a["group"].string), session = SessionId(value: a["session"].string)
        switch what {
        case "found-group":
            let found = try await rafiq.groups.found(
                NewGroup(
                    name: a["name"].string, language: a["language"].string, capacity: Int32(a["capacity"].int),
                    place: a["place"].string))
            return .object(["group": .text(found.id.value), "people": .number(Int64(found.people))])
        case "schedule":
            guard let modality = Named.modalities[a["modality"].string] else { throw Wrong(what: what) }
            let planned = try await rafiq.groups.scheduleSession(
                group: group,
                NewSession(
                    startsAtMs: a["starts-at-ms"].int, zone: a["zone"].string, place: a["place"].string, modality: modality))
            return .object(["session": .text(planned.id.value)])
        case "sessions":
            let found = try await rafiq.groups.sessions(group: group, fromMs: a["from-ms"].int, limit: 100).items
            return .object(["starts": .list(found.map { .number($0.startsAtMs) }), "places": .texts(found.map(\.place))])
        case "attendance":
            let names = try await names(rafiq, rafiq.groups.session(session: session).group.value)
            let marks = a["marks"].fields.compactMap { name, mark -> Mark? in
                guard let person = names[name], let presence = Named.presences[mark.string] else { return nil }
                return Mark(person: person, presence: presence)
            }
            try await rafiq.groups.recordAttendance(session: session, marks: marks)
            return .object([:])
        default:
            let found = try await rafiq.groups.attendance(session: session)
            var marks: [String: Json] = [:]
            for mark in found {
                if let word = Named.presences.first(where: { $0.value == mark.presence })?.key { marks[mark.name] = .text(word) }
            }
            return .object(["marks": .object(marks), "others": .count(found.map(\.others.count).reduce(0, +))])
        }
    }

    func inPairing(_ rafiq: Rafiq, _ what: String, _ a: Json) async throws -> Json {
        let mentoring = rafiq.mentoring, id = PairingId(value: a["pairing"].string)
        let meeting = Meeting(startsAtMs: a["starts-at-ms"].int, zone: a["zone"].string, place: a["place"].string)
        switch what {
        case "begin-pairing":
            let new = NewPairing(model: a["model"].string, myRole: a["role"].string, title: a["title"].string)
            let pairing = try await mentoring.begin(new)
            return .object(["pairing": .text(pairing.id.value), "role": .text(pairing.myRole ?? "")])
        case "take-role":
            return .object(["role": .text(try await mentoring.takeRole(pairing: id, role: a["role"].string).myRole ?? "")])
        case "pairing":
            let found = try await mentoring.get(pairing: id)
            let kept = found.nextMeeting.map { [$0.value] + $0.others } ?? []
            return .object([
                "names": .sorted(found.people.map(\.name)), "roles": .sorted(found.people.map { $0.role ?? "" }),
                "responder": .text(found.people.first { $0.person == found.responder }?.name ?? ""),
                "values": .count(kept.count), "starts": .list(kept.map(\.meeting.startsAtMs).sorted().map(Json.number)),
                "place": .text(kept.first?.meeting.place ?? ""),
            ])
        case "meet": try await mentoring.setNextMeeting(pairing: id, meeting: meeting)
        case "resolve": try await mentoring.resolveNextMeeting(pairing: id, meeting: meeting)
        case "goal": return .object(["text": .text(try await mentoring.addGoal(pairing: id, text: a["text"].string).text)])
        case "goals": return .object(["texts": .sorted(try await mentoring.goals(pairing: id).map(\.text))])
        case "milestone":
            let milestone: Milestone =
                a["own"] == .null ? .catalogue(id: a["catalogue"].string) : .own(text: a["own"].string)
            _ = try await mentoring.reachMilestone(pairing: id, milestone: milestone)
        case "milestones":
            let reached = try await mentoring.milestones(pairing: id).map {
                switch $0.milestone {
                case .own(let text): text
                case .catalogue(let id): id
                }
            }
            return .object(["reached": .sorted(reached)])
        case "contact":
            guard let kind = Named.contacts[a["kind"].string], let help = Named.helps[a["help"].string] else {
                throw Wrong(what: what)
            }
            _ = try await mentoring.logContact(pairing: id, NewContact(kind: kind, help: help, atMs: clock.now))
        default: throw Wrong(what: "no such step: \(what)")
        }
        return .object([:])
    }
}

func play(_ scenario: Json, folder: URL, player: String, relay: String) async throws -> Int {
    let clock = SetClock(scenario["start_ms"].int)
    var actors: [String: Actor] = [:]
    for name in scenario["actors"].items.map(\.string) {
        let random = SeededRandom("\(scenario["seed"].string)/\(player)/\(name)")
        actors[name] = Actor(folder: folder.appendingPathComponent(name), clock: clock, random: random, relay: relay)
    }
    var saved: [String: Json] = [:]
    for (at, step) in scenario["steps"].items.enumerated() {
        let words = Json.object(
            step["with"].fields.mapValues { value in
                value.string.hasPrefix("$") ? saved[String(value.string.dropFirst())] ?? .null : value
            })
        let (who, what) = (step["actor"].string, step["do"].string)
        if what == "pass" {
            clock.now += words["ms"].int
            continue
        }
        guard let actor = actors[who] else { throw Wrong(what: who) }
        let given: Json
        do { given = try await actor.act(what, words) } catch let error as RafiqError { given = try actor.say(error) }
        for (name, wanted) in step["expect"].fields.merging(["error": .null], uniquingKeysWith: { said, _ in said })
        where given[name] != wanted {
            throw Wrong(what: "step \(at + 1), \(who) \(what): \(name) is \(given[name]), not \(wanted)")
        }
        for (name, to) in step["save"].fields { saved[to.string] = given[name] }
    }
    return scenario["steps"].items.count
}

let words = CommandLine.arguments
guard words.count == 4, let relay = ProcessInfo.processInfo.environment["RAFIQ_RELAY_URL"] else {
    fatalError("SCENARIO FOLDER PLAYER")
}
let scenario = try JSONDecoder().decode(Json.self, from: Data(contentsOf: URL(fileURLWithPath: words[1])))
print(try await play(scenario, folder: URL(fileURLWithPath: words[2]), player: words[3], relay: relay), "steps")
