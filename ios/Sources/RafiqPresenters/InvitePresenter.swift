import Foundation
import Rafiq

/// Inviting into one space, and letting in.
public struct InviteContent: Equatable, Sendable {
    /// What the space is called.
    public let title: String
    public let reaches: [Choice<Reach>]
    /// For the QR code, or to be sent; null before one was made.
    public let text: String?
    /// Until when it holds.
    public let ends: String?
    /// For whom it is.
    public let about: String
    public let requests: [RequestRow]
    public let remark: String?
    public internal(set) var notice: String?
}

/// What a person does to let somebody in.
public enum InviteEvent: Equatable, Sendable {
    case make(reach: Reach)
    case admit(request: JoinRequestId)
    case decline(request: JoinRequestId)
    case refresh
    case dismiss
}

/// Invites into one space, and lets in who has answered.
public final class InvitePresenter: SessionPresenter<InviteContent, InviteEvent> {
    private let space: String
    private var invite: InviteText?
    private var reach: Reach?

    public init(session: Session, space: String) {
        self.space = space
        super.init(session: session)
    }

    override func look() async throws -> UiState<InviteContent> {
        let (now, zone) = (session.nowMs, session.zone)
        let spaces = try await session.ask { try await $0.sharing.spaces() }
        guard let shared = spaces.first(where: { $0.id == space }) else { throw RafiqError.NotFound }
        let requests = try await session.ask { try await $0.sharing.requests() }.filter { $0.space == space }
        let valid = invite.flatMap { $0.expiresAtMs > now ? $0 : nil }
        return await session.words.say { say in
            .content(
                InviteContent(
                    title: apart(shared.title),
                    reaches: [
                        Choice(.inPerson, say.text("app-invite-here"), reach == .inPerson),
                        Choice(.remote, say.text("app-invite-elsewhere"), reach == .remote),
                    ],
                    text: valid?.text,
                    ends: valid.map { say.text("app-invite-ends", ["date": momentOf($0.expiresAtMs, zone)]) },
                    about: say.text(shared.kind == .directory ? "app-invite-all" : "app-invite-once"),
                    requests: requests.map { say.request($0, space: nil, zone: zone) },
                    remark: say.remark,
                    notice: notice))
        }
    }

    override func perform(_ event: InviteEvent) async throws {
        switch event {
        case .make(let reach):
            let space = space
            invite = try await session.ask { try await $0.sharing.invite(space: space, reach: reach) }
            self.reach = reach
        case .admit(let request): try await answer(request, "app-admitted") { try await $0.sharing.admit(request: request) }
        case .decline(let request): try await answer(request, "app-declined") { try await $0.sharing.decline(request: request) }
        case .refresh, .dismiss: break
        }
    }

    override func noted(_ content: InviteContent, _ notice: String?) -> InviteContent { with(content) { $0.notice = notice } }

    private func answer(_ request: JoinRequestId, _ said: String, _ answer: @Sendable (Rafiq) async throws -> Void) async throws {
        let requests = try await session.ask { try await $0.sharing.requests() }
        guard let asking = requests.first(where: { $0.id == request }) else { throw RafiqError.NotFound }
        try await session.ask(answer)
        notice = await session.words.say { $0.text(said, ["name": .written(asking.name)]) }
    }
}
