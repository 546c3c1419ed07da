@testable import Phones
import Rafiq
@testable import RafiqPresenters

// What people of the scenario do in a group and in a pairing.

extension Actor {
    func inGroup(_ what: String, _ a: Json) async throws -> Json {
        switch what {
        case "found-group":
            let event = TogetherEvent.foundGroup(
                name: a["name"].string, language: a["language"].string, capacity: Int(a["capacity"].int), place: a["place"].string)
            let begun = try await did(on { TogetherPresenter(session: $0) }, event, \.notice).begun
            guard case .group(let id) = begun else { throw Unexpected("no group") }
            let people = try await on { GroupPresenter(session: $0, id: id) }.content().people
            return .object(["group": .text(id.value), "people": .count(people.count)])
        case "schedule", "sessions":
            let group = try on { GroupPresenter(session: $0, id: SupportGroupId(value: a["group"].string)) }
            if what == "schedule" { return try await schedule(group, a) }
            let sessions = try await group.content().sessions.filter { $0.startsAtMs >= a["from-ms"].int }
            return .object([
                "starts": .list(sessions.map { .number($0.startsAtMs) }),
                "places": .texts(sessions.map { $0.place?.written ?? "" }),
            ])
        default:
            let screen = try on { AttendancePresenter(session: $0, id: SessionId(value: a["session"].string)) }
            return try await what == "attendance" ? mark(screen, a) : marks(screen)
        }
    }

    private func schedule(_ group: GroupPresenter, _ a: Json) async throws -> Json {
        let startsAtMs = a["starts-at-ms"].int
        let modality = try named(a["modality"], Named.modalities)
        let event = GroupEvent.schedule(startsAtMs: startsAtMs, place: a["place"].string, modality: modality)
        let planned = try await did(group, event, \.notice).sessions.only { $0.startsAtMs == startsAtMs }
        return .object(["session": .text(planned.session.value)])
    }

    private func mark(_ screen: AttendancePresenter, _ a: Json) async throws -> Json {
        let people = try await screen.content().people
        for (name, mark) in a["marks"].fields.sorted(by: { $0.key < $1.key }) {
            let person = try people.only { $0.name.plain == name }.person
            screen.on(.mark(person: person, presence: try named(mark, Named.presences)))
        }
        guard try await did(screen, .save, { _ in nil }).unsaved == nil else { throw Unexpected("a mark was not saved") }
        return .object([:])
    }

    private func marks(_ screen: AttendancePresenter) async throws -> Json {
        let people = try await screen.content().people
        var marks: [String: Json] = [:]
        for row in people {
            guard let chosen = row.marks.first(where: \.chosen)?.value else { continue }
            marks[row.name.plain] = Named.presences.first { $0.value == chosen }.map { .text($0.key) }
        }
        return .object(["marks": .object(marks), "others": .count(people.map(\.others.count).reduce(0, +))])
    }

    func inPairing(_ what: String, _ a: Json) async throws -> Json {
        if what == "begin-pairing" {
            let event = TogetherEvent.beginPairing(model: a["model"].string, role: a["role"].string, title: a["title"].string)
            let begun = try await did(on { TogetherPresenter(session: $0) }, event, \.notice).begun
            guard case .pairing(let id) = begun else { throw Unexpected("no pairing") }
            let me = try await on { PairingPresenter(session: $0, id: id) }.content().people.only(\.isMe)
            return .object(["pairing": .text(id.value), "role": .text(try await role(me.role))])
        }
        let pairing = try on { PairingPresenter(session: $0, id: PairingId(value: a["pairing"].string)) }
        let before = try await pairing.content()
        switch what {
        case "take-role":
            let me = try await did(pairing, .takeRole(role: a["role"].string), \.notice).people.only(\.isMe)
            return .object(["role": .text(try await role(me.role))])
        case "pairing": return try await tell(before)
        case "meet":
            try await did(pairing, .setMeeting(startsAtMs: a["starts-at-ms"].int, place: a["place"].string), \.notice)
        case "resolve":
            let choice = try before.meeting.choices.only {
                $0.meeting.startsAtMs == a["starts-at-ms"].int && $0.meeting.place == a["place"].string
            }
            let after = try await did(pairing, .resolveMeeting(choice: choice.meeting)) { _ in nil }
            guard after.meeting.conflict == nil else { throw Unexpected("the conflict stands") }
        case "goal":
            let goals = try await did(pairing, .addGoal(text: a["text"].string)) { _ in nil }.goals
            return .object(["text": .text(try goals.only { $0.text == a["text"].string }.text)])
        case "goals": return .object(["texts": .sorted(before.goals.map(\.text))])
        case "milestone":
            let event: PairingEvent =
                a["own"] == .null ? .reachMilestone(id: a["catalogue"].string) : .reachOwn(text: a["own"].string)
            let after = try await did(pairing, event) { _ in nil }
            if after.milestones.count == before.milestones.count { throw Said(sentence: after.notice ?? "") }
        case "milestones":
            let known = before.catalogue.flatMap(\.milestones)
            let reached = before.milestones.map { row in known.first { $0.text == row.text }?.value ?? row.text.plain }
            return .object(["reached": .sorted(reached)])
        case "contact":
            let event = PairingEvent.logContact(kind: try named(a["kind"], Named.contacts), help: try named(a["help"], Named.helps))
            let after = try await did(pairing, event) { _ in nil }
            guard after.contacts.count == before.contacts.count + 1 else { throw Unexpected("the contact was not logged") }
        default: throw Unexpected("no such step: \(what)")
        }
        return .object([:])
    }

    private func tell(_ shown: PairingContent) async throws -> Json {
        let chosen = shown.meeting.choices.map(\.meeting.startsAtMs)
        let starts = chosen.isEmpty ? [shown.meeting.startsAtMs].compactMap { $0 } : chosen
        var roles: [String] = []
        for person in shown.people { roles.append(try await role(person.role)) }
        return .object([
            "names": .sorted(shown.people.map(shownName)), "roles": .sorted(roles),
            "responder": .text(shown.people.first(where: \.hearsFirst).map(shownName) ?? ""), "values": .count(starts.count),
            "starts": .list(starts.sorted().map(Json.number)), "place": .text(shown.meeting.place?.written ?? ""),
        ])
    }
}
