import Foundation
import Rafiq

/// Joining with an invitation.
public struct JoinContent: Equatable, Sendable {
    /// As it was scanned or pasted.
    public let text: String
    /// What it is for; null before one was read.
    public let offer: String?
    /// The relay it goes over.
    public let relay: String?
    public let canAccept: Bool
    /// After accepting: what comes next.
    public let done: String?
    public let remark: String?
    public internal(set) var notice: String?
}

/// What a person does with an invitation.
public enum JoinEvent: Equatable, Sendable {
    /// Reads it; answers nobody.
    case read(text: String)
    case accept

    /// Forgets it.
    case cancel
    case dismiss
}

/// Reads an invitation, and answers it when the person says so.
public final class JoinPresenter: SessionPresenter<JoinContent, JoinEvent> {
    private var text = ""
    private var offer: InvitePreview?
    private var accepted: Accepted?

    override public init(session: Session) { super.init(session: session) }

    override func look() async throws -> UiState<JoinContent> {
        await session.words.say { say in
            .content(
                JoinContent(
                    text: text,
                    offer: offer.map { say.text("app-join-for", ["kind": .written(kind($0.kind)), "title": .written($0.title)]) },
                    relay: nonempty(offer?.relay).map { say.text("app-join-relay", ["relay": .phone(value: $0)]) },
                    canAccept: offer?.expired == false && accepted == nil,
                    done: accepted.map { say.text(done($0)) },
                    remark: say.remark,
                    notice: notice))
        }
    }

    override func perform(_ event: JoinEvent) async throws {
        switch event {
        case .read(let read):
            forget()
            text = read
            let preview = try await session.ask { try await $0.sharing.preview(text: trimmed(read)) }
            offer = preview
            if preview.expired { throw RafiqError.Invalid(field: "invite", reason: "expired") }
        case .accept:
            if offer == nil || accepted != nil { return }
            let invite = trimmed(text)
            accepted = try await session.ask { try await $0.sharing.accept(text: invite) }
        case .cancel: forget()
        case .dismiss: break
        }
    }

    override func noted(_ content: JoinContent, _ notice: String?) -> JoinContent { with(content) { $0.notice = notice } }

    private func forget() { (text, offer, accepted) = ("", nil, nil) }

    private func done(_ accepted: Accepted) -> String {
        if accepted.needsConfirmation { return "app-join-sent" }
        return offer?.kind == .directory ? "app-join-reads" : "app-join-held"
    }

    /// As the sentence chooses by it.
    private func kind(_ kind: SpaceKind) -> String {
        switch kind {
        case .personal: "personal"
        case .circle: "circle"
        case .group: "group"
        case .programme: "programme"
        case .directory: "directory"
        }
    }
}
