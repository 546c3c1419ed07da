import Foundation
import Rafiq

/// Twelve words on paper, for the day on which the phone is gone.
public struct KitContent: Equatable, Sendable {
    /// When they were made, in a sentence; nil for none.
    public let made: String?
    /// Whether they serve already, in a sentence; nil for none.
    public let standing: String?
    /// No relay is there yet to keep anything for them, in a sentence.
    public let missing: String?
    /// They wait for an exchange, or for the relay that is set where exchanges stand.
    public let waits: Bool
    /// The words that were made just now, each with its number; shown this once, and empty as soon as they are on paper.
    public let words: [String]
    /// The address that belongs onto the paper, too; nil without words.
    public let relay: String?
    public let remark: String?
    public internal(set) var notice: String?
}

/// What a person does with the words.
public enum KitEvent: Equatable, Sendable {
    /// Makes them; earlier ones are over with that. Ask first, where there are some.
    case make

    /// They are on paper: nobody here knows them any more.
    case written
    case refresh
    case dismiss
}

/// The words that bring back on another phone what a person has written for themselves. They are kept nowhere but on paper.
public final class KitPresenter: SessionPresenter<KitContent, KitEvent> {
    private var words: [String] = []

    override public init(session: Session) { super.init(session: session) }

    override func look() async throws -> UiState<KitContent> {
        let kit = try await session.ask { try await $0.recovery.kit() }
        let home = try await session.ask { try await $0.sync.homeRelay() }
        let isRelayMissing = kit == nil && home.isEmpty
        let zone = session.zone
        return await session.words.say { say in
            .content(
                KitContent(
                    made: kit.map { say.text("app-kit-made", ["date": momentOf($0.madeMs, zone)]) },
                    standing: kit.map { say.text($0.ready ? "app-kit-ready" : "app-kit-waits") },
                    missing: isRelayMissing ? say.text("app-kit-no-relay") : nil,
                    waits: isRelayMissing || kit?.ready == false,
                    words: words.enumerated().map { at, word in
                        say.text("app-kit-word", ["number": .count(at + 1), "word": .written(word)])
                    },
                    relay: words.isEmpty ? nil : kit.map { leftToRight($0.relay) },
                    remark: say.remark,
                    notice: notice))
        }
    }

    override func perform(_ event: KitEvent) async throws {
        switch event {
        case .make where words.isEmpty:  // a second tap does not take away what somebody is writing down
            let made = try await session.ask { try await $0.recovery.makeKit().words() }
            words = made.components(separatedBy: " ")
        case .written: words = []
        case .make, .refresh, .dismiss: break
        }
    }

    override func noted(_ content: KitContent, _ notice: String?) -> KitContent { with(content) { $0.notice = notice } }
}
