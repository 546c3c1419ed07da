import Foundation
import Rafiq

/// What is shared with others, and what can be begun.
public struct TogetherContent: Equatable, Sendable {
    public let pairings: [TogetherRow]
    public let groups: [TogetherRow]
    /// Nothing is shared yet, in a sentence.
    public let nothing: String?
    public let requests: [RequestRow]
    public let models: [ModelOffer]
    /// For a new group.
    public let languages: [LanguageChoice]
    /// What was just begun: go there, then dismiss.
    public let begun: Place?
    public let remark: String?
    public internal(set) var notice: String?
}

/// A pairing or a group in a list.
public struct TogetherRow: Equatable, Sendable {
    public let title: String
    public let line: String
    public let tone: Tone
    public let leadsTo: Place
}

/// A kind of peer support to begin.
public struct ModelOffer: Equatable, Sendable {
    public let model: String
    public let title: String
    public let about: String
    public let isNot: String
    public let roles: [Choice<String>]
}

/// What a person begins.
public enum TogetherEvent: Equatable, Sendable {
    case beginPairing(model: String, role: String, title: String)
    case foundGroup(name: String, language: String, capacity: Int, place: String)
    case refresh
    case dismiss
}

/// Everything that is shared with others.
public final class TogetherPresenter: SessionPresenter<TogetherContent, TogetherEvent> {
    private var begun: Place?

    override public init(session: Session) { super.init(session: session) }

    override func look() async throws -> UiState<TogetherContent> {
        let pairings = try await session.ask { try await $0.mentoring.list() }
        let groups = try await session.ask { try await $0.groups.list() }
        let requests = try await session.ask { try await $0.sharing.requests() }
        let models = try await session.models()
        let named = pairings.map { ($0.id.value, $0.title) } + groups.map { ($0.id.value, $0.name) }
        let titles = Dictionary(named) { _, last in last }
        let zone = session.zone
        return await session.words.say { say in
            .content(
                TogetherContent(
                    pairings: pairings.map { pairing(say, $0, zone) },
                    groups: groups.map { group(say, $0) },
                    nothing: titles.isEmpty ? say.text("app-together-none") : nil,
                    requests: requests.map { say.request($0, space: titles[$0.space], zone: zone) },
                    models: models.map { model(say, $0) },
                    languages: languageChoices(session.words.spokenIn),
                    begun: begun,
                    remark: say.remark,
                    notice: notice))
        }
    }

    override func perform(_ event: TogetherEvent) async throws {
        switch event {
        case .beginPairing(let model, let role, let title):
            let new = NewPairing(model: model, myRole: role, title: trimmed(title))
            begun = .pairing(id: try await session.ask { try await $0.mentoring.begin(new) }.id)
        case .foundGroup(let name, let language, let capacity, let place):
            let new = NewGroup(name: trimmed(name), language: language, capacity: Int32(clamping: capacity), place: trimmed(place))
            begun = .group(id: try await session.ask { try await $0.groups.found(new) }.id)
        case .refresh: break
        case .dismiss: begun = nil
        }
    }

    override func noted(_ content: TogetherContent, _ notice: String?) -> TogetherContent { with(content) { $0.notice = notice } }

    private func pairing(_ say: Sayer, _ pairing: Pairing, _ zone: String) -> TogetherRow {
        let next = pairing.nextMeeting
        let inConflict = next?.others.isEmpty == false
        let line: String =
            if pairing.model.isEmpty {
                say.text("app-not-arrived")
            } else if pairing.myRole == nil {
                say.text("app-role-ask")
            } else if inConflict {
                say.text("conflict-meeting-time")
            } else if let next {
                say.text("today-meeting", ["date": momentOf(next.value.meeting.startsAtMs, zone)])
            } else {
                say.text("session-none")
            }
        let asks = !pairing.model.isEmpty && (pairing.myRole == nil || inConflict)
        return TogetherRow(
            title: apart(pairing.title), line: line, tone: asks ? .ordinary : .calm, leadsTo: .pairing(id: pairing.id))
    }

    private func group(_ say: Sayer, _ group: SupportGroup) -> TogetherRow {
        let line = group.capacity == 0 ? say.text("app-not-arrived") : say.text("group-members", ["count": .count(group.people)])
        return TogetherRow(title: apart(group.name), line: line, tone: .calm, leadsTo: .group(id: group.id))
    }

    private func model(_ say: Sayer, _ model: SupportModelInfo) -> ModelOffer {
        ModelOffer(
            model: model.id, title: say.text("model-\(model.id)"), about: say.text("model-\(model.id)-about"),
            isNot: say.text("model-\(model.id)-not"), roles: model.roles.map { Choice($0.id, say.role($0.id)) })
    }
}
