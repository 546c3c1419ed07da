import Foundation
import Rafiq

/// Who came to a session.
public struct AttendanceContent: Equatable, Sendable {
    /// The group.
    public let title: String
    /// When it was.
    public let at: String
    public let people: [AttendanceRow]
    /// How many came, as far as it is agreed; and how many are marked in two ways. A sentence each.
    public let counts: [String]
    /// How many marks are not saved yet; null for none.
    public let unsaved: String?
    public let remark: String?
    public internal(set) var notice: String?
}

/// Somebody, with their mark.
public struct AttendanceRow: Equatable, Sendable {
    public let person: PersonRef
    public let name: String
    /// The marks, the one that stands or is about to chosen.
    public let marks: [Choice<Presence>]
    /// What others marked meanwhile; saving a mark settles it.
    public let others: [String]
    /// The ways somebody was marked in, what stands first: nothing is to look chosen. Empty where it is agreed, or one has been chosen.
    public let disputed: [String]
}

/// What a person marks.
public enum AttendanceEvent: Equatable, Sendable {
    /// Not kept before ``Save``.
    case mark(person: PersonRef, presence: Presence)

    /// Keeps all of them in one write.
    case save
    case refresh
    case dismiss
}

/// Who came to one session. Marks are kept when they are saved, all in one write.
public final class AttendancePresenter: SessionPresenter<AttendanceContent, AttendanceEvent> {
    private let id: SessionId
    private var marks: [Mark] = []

    public init(session: Session, id: SessionId) {
        self.id = id
        super.init(session: session)
    }

    override func look() async throws -> UiState<AttendanceContent> {
        let (id, zone) = (id, session.zone)
        let held = try await session.ask { try await $0.groups.session(session: id) }
        let group = try await session.ask { try await $0.groups.get(group: held.group) }
        let people = try await session.ask { try await $0.groups.attendance(session: id) }
        let unsaved = people.filter { differs($0) }.count
        let disputed = people.filter { isDisputed($0) }.count
        let came = people.filter { !isDisputed($0) && [.came, .late].contains(mark(of: $0.person) ?? $0.presence) }.count
        return await session.words.say { say in
            if people.isEmpty { return .empty(sentence: say.text("app-attendance-none")) }
            return .content(
                AttendanceContent(
                    title: apart(group.name),
                    at: say.moment(held.startsAtMs, zone),
                    people: people.map { row(say, $0) },
                    counts: [
                        came > 0 || disputed == 0 ? say.text("attendance-count", ["count": .count(came)]) : nil,
                        disputed > 0 ? say.text("attendance-disputed", ["count": .count(disputed)]) : nil,
                    ].compactMap { $0 },
                    unsaved: unsaved > 0 ? say.text("app-unsaved", ["count": .count(unsaved)]) : nil,
                    remark: say.remark,
                    notice: notice))
        }
    }

    override func perform(_ event: AttendanceEvent) async throws {
        switch event {
        case .mark(let person, let presence):
            let mark = Mark(person: person, presence: presence)
            if let at = marks.firstIndex(where: { $0.person == person }) { marks[at] = mark } else { marks.append(mark) }
        case .save:
            if marks.isEmpty { return }
            let (id, all) = (id, marks)
            try await session.ask { try await $0.groups.recordAttendance(session: id, marks: all) }
            marks = []
            notice = await session.words.say { $0.text("app-saved") }
        case .refresh, .dismiss: break
        }
    }

    override func noted(_ content: AttendanceContent, _ notice: String?) -> AttendanceContent {
        with(content) { $0.notice = notice }
    }

    /// What somebody is about to be marked.
    private func mark(of person: PersonRef) -> Presence? { marks.first { $0.person == person }?.presence }

    /// Whether saving would change what stands: another mark, or one of several that were kept.
    private func differs(_ stands: AttendanceMark) -> Bool {
        guard let mark = mark(of: stands.person) else { return false }
        return mark != stands.presence || !stands.others.isEmpty
    }

    /// Whether it was marked in two ways and none has been chosen yet.
    private func isDisputed(_ stands: AttendanceMark) -> Bool { !stands.others.isEmpty && mark(of: stands.person) == nil }

    private func row(_ say: Sayer, _ stands: AttendanceMark) -> AttendanceRow {
        let mark = mark(of: stands.person) ?? stands.presence
        return AttendanceRow(
            person: stands.person, name: apart(stands.name), marks: Presence.all.map { Choice($0, say.presence($0), $0 == mark) },
            others: stands.others.map { say.presence($0) },
            disputed: isDisputed(stands) ? ([stands.presence].compactMap { $0 } + stands.others).map { say.presence($0) } : [])
    }
}
