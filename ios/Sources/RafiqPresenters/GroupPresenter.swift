import Foundation
import Rafiq

/// A group: its people and its meetings.
public struct GroupContent: Equatable, Sendable {
    public let name: String
    /// "7 members".
    public let members: String
    public let place: String?
    public let people: [PersonRow]
    /// From a week ago on, the earliest first.
    public let sessions: [SessionRow]
    public let noSessions: String?
    /// For a new session.
    public let modalities: [Choice<Modality>]
    public let days: [DayChoice]
    /// For somebody without a phone.
    public let languages: [LanguageChoice]
    public let remark: String?
    public internal(set) var notice: String?
}

/// A session of a group.
public struct SessionRow: Equatable, Sendable {
    public let session: SessionId
    public let text: String
    public let place: String?
    public let modality: String
    public let startsAtMs: Int64
    /// It does not take place, in a sentence.
    public let cancelled: String?
    /// Two times were kept, in a sentence.
    public let conflict: String?
    /// The times to choose from, the earliest first; empty without a conflict.
    public let times: [TimeOption]
    /// Who came; once it has begun.
    public let attendance: Place?
}

/// A time to choose. None of them is chosen before somebody does: one merely stands meanwhile, and that is said.
public struct TimeOption: Equatable, Sendable {
    public let startsAtMs: Int64
    public let text: String
    public let stands: String?
}

/// What a person does in a group.
public enum GroupEvent: Equatable, Sendable {
    case schedule(startsAtMs: Int64, place: String, modality: Modality)
    case move(session: SessionId, startsAtMs: Int64)
    case resolveTime(session: SessionId, startsAtMs: Int64)
    case cancel(session: SessionId)
    case addPerson(name: String, language: String)
    case refresh
    case dismiss
}

/// One group, its people and its meetings.
public final class GroupPresenter: SessionPresenter<GroupContent, GroupEvent> {
    private let id: SupportGroupId

    public init(session: Session, id: SupportGroupId) {
        self.id = id
        super.init(session: session)
    }

    override func look() async throws -> UiState<GroupContent> {
        let (id, now, zone) = (id, session.nowMs, session.zone)
        let group = try await session.ask { try await $0.groups.get(group: id) }
        let people = try await session.ask { try await $0.people.list(space: id.value) }
        let sessions = try await session.ask {
            try await $0.groups.sessions(group: id, fromMs: now - Self.shownSinceMs, limit: Self.mostSessions)
        }.items
        return await session.words.say { say in
            let rows = sessions.map { held in
                let times = held.otherTimesMs.isEmpty ? [] : ([held.startsAtMs] + held.otherTimesMs).sorted()
                return SessionRow(
                    session: held.id, text: say.moment(held.startsAtMs, zone), place: say.place(held.place),
                    modality: say.modality(held.modality), startsAtMs: held.startsAtMs,
                    cancelled: held.cancelled ? say.text("app-session-cancelled") : nil,
                    conflict: times.isEmpty ? nil : say.text("conflict-meeting-time"),
                    times: times.map {
                        let stands = $0 == held.startsAtMs ? say.text("conflict-stands") : nil
                        return TimeOption(startsAtMs: $0, text: say.moment($0, zone), stands: stands)
                    },
                    attendance: held.startsAtMs <= now && !held.cancelled ? .attendance(session: held.id) : nil)
            }
            let noSessions = group.capacity == 0 ? "app-not-arrived" : "session-none"
            return .content(
                GroupContent(
                    name: apart(group.name),
                    members: say.text("group-members", ["count": .count(group.people)]),
                    place: say.place(group.place),
                    people: people.map {
                        let name = $0.isMe ? say.text("app-you") : apart($0.name)
                        return PersonRow(person: $0.id, name: name, role: nil, isMe: $0.isMe, hearsFirst: false)
                    },
                    sessions: rows,
                    noSessions: rows.isEmpty ? say.text(noSessions) : nil,
                    modalities: Modality.all.map { Choice($0, say.modality($0)) },
                    days: say.days(from: now, zone: zone),
                    languages: languageChoices(session.words.spokenIn),
                    remark: say.remark,
                    notice: notice))
        }
    }

    override func perform(_ event: GroupEvent) async throws {
        let (id, words, zone) = (id, session.words, session.zone)
        switch event {
        case .schedule(let startsAtMs, let place, let modality):
            let new = NewSession(startsAtMs: startsAtMs, zone: zone, place: trimmed(place), modality: modality)
            _ = try await session.ask { try await $0.groups.scheduleSession(group: id, new) }
        case .move(let held, let startsAtMs):
            _ = try await session.ask { try await $0.groups.moveSession(session: held, startsAtMs: startsAtMs) }
            notice = await words.say { $0.text("session-time-changed", ["date": momentOf(startsAtMs, zone)]) }
        case .resolveTime(let held, let startsAtMs):
            _ = try await session.ask { try await $0.groups.resolveSessionTime(session: held, startsAtMs: startsAtMs) }
            notice = await words.say { $0.text("conflict-resolved", ["date": momentOf(startsAtMs, zone)]) }
        case .cancel(let held): _ = try await session.ask { try await $0.groups.cancelSession(session: held) }
        case .addPerson(let name, let language):
            let new = NewPerson(name: trimmed(name), language: language)
            let person = try await session.ask { try await $0.people.addPerson(space: id.value, new) }
            notice = await words.say { $0.text("app-person-added", ["name": .written(person.name)]) }
        case .refresh, .dismiss: break
        }
    }

    override func noted(_ content: GroupContent, _ notice: String?) -> GroupContent { with(content) { $0.notice = notice } }

    /// A week: who came last time may still be entered.
    private static let shownSinceMs: Int64 = 7 * 24 * 60 * 60 * 1000
    private static let mostSessions = 100
}
