import Foundation
import Rafiq

/// Twelve words on paper, for the day on which the phone is gone.
public struct KitContent: Equatable, Sendable {
    public let step: KitStep
    /// When they were made, in a sentence; nil for none.
    public let made: String?
    /// Whether they serve already, in a sentence; nil for none.
    public let standing: String?
    /// No relay is there yet to keep anything for them, in a sentence.
    public let missing: String?
    /// They wait for an exchange, or for the relay that is set where exchanges stand.
    public let waits: Bool
    /// The words that were made just now, each with its number, at the step that shows them.
    public let words: [String]
    /// The address that belongs onto the paper, too; nil without words.
    public let relay: String?
    /// What is asked from the paper: "Word 3" and another.
    public let asked: [String]
    /// Something stands in both fields.
    public internal(set) var canCheck: Bool
    /// The display stays on: were it to go dark, the app could lock, and the words would be gone.
    public let staysOn: Bool
    public let remark: String?
    public internal(set) var notice: String?
}

/// From what the words are for to where they are on paper. Before other ones are made, and before unchecked ones are left, that is asked.
public enum KitStep: Sendable, CaseIterable { case about, again, words, check, leave }

/// What a person does with the words.
public enum KitEvent: Equatable, Sendable {
    /// Makes them; where there are some already, asks first.
    case make

    /// Other ones, although there are some: those are over with that.
    case makeOthers

    /// They are on paper: two of them are asked from it.
    case written
    case enterWords(first: String, second: String)

    /// Compares the two. When they are right nobody here knows the words any more.
    case check
    case back

    /// Leaves the words unchecked.
    case leave
    case refresh
    case dismiss
}

/// The words that bring back on another phone what a person has written for themselves. They are kept nowhere but on paper.
public final class KitPresenter: SessionPresenter<KitContent, KitEvent> {
    private var step = KitStep.about
    private var words: [String] = []
    private var typed = KitPresenter.nothing

    override public init(session: Session) { super.init(session: session) }

    override func act(_ event: KitEvent) async {
        if case .enterWords(let first, let second) = event {  // at every key: nothing has to be read again
            typed = [first, second]
            notice = nil
            edit {
                $0.canCheck = canCheck
                $0.notice = nil
            }
        } else {
            await super.act(event)
        }
    }

    override func look() async throws -> UiState<KitContent> {
        let kit = try await session.ask { try await $0.recovery.kit() }
        let home = try await session.ask { try await $0.sync.homeRelay() }
        let isRelayMissing = kit == nil && home.isEmpty
        let zone = session.zone
        let shown = step == .words ? words : []
        return await session.words.say { say in
            .content(
                KitContent(
                    step: step,
                    made: kit.map { say.text("app-kit-made", ["date": momentOf($0.madeMs, zone)]) },
                    standing: kit.map { say.text($0.ready ? "app-kit-ready" : "app-kit-waits") },
                    missing: isRelayMissing ? say.text("app-kit-no-relay") : nil,
                    waits: isRelayMissing || kit?.ready == false,
                    words: shown.enumerated().map { at, word in
                        say.text("app-kit-word", ["number": .count(at + 1), "word": .written(word)])
                    },
                    relay: shown.isEmpty ? nil : kit.map { leftToRight($0.relay) },
                    asked: Self.asked.map { say.text("app-kit-check-word", ["number": .count($0)]) },
                    canCheck: canCheck,
                    staysOn: !words.isEmpty,
                    remark: say.remark,
                    notice: notice))
        }
    }

    override func perform(_ event: KitEvent) async throws {
        switch event {
        // Only from here: a second tap neither passes the question nor takes away what somebody is writing down.
        case .make where step == .about:
            if try await session.ask({ try await $0.recovery.kit() }) == nil { try await make() } else { step = .again }
        case .makeOthers where step == .again: try await make()
        case .written where step == .words: step = .check
        case .check where step == .check: await check()
        case .back:
            switch step {
            case .about, .again: step = .about
            case .words: step = .leave
            case .check, .leave: step = .words
            }
        case .leave where step == .leave: forget()
        case .make, .makeOthers, .written, .enterWords, .check, .leave, .refresh, .dismiss: break
        }
    }

    override func noted(_ content: KitContent, _ notice: String?) -> KitContent { with(content) { $0.notice = notice } }

    private func make() async throws {
        words = try await session.ask { try await $0.recovery.makeKit().words() }.components(separatedBy: " ")
        typed = Self.nothing
        step = .words
    }

    /// A word that differs costs nothing: the words can be looked at again.
    private func check() async {
        let wrong = zip(Self.asked, typed).first { number, word in word.filter(\.isLetter).lowercased() != words[number - 1] }?.0
        notice = await session.words.say { say in
            if let wrong { say.text("app-kit-differs", ["number": .count(wrong)]) } else { say.text("app-kit-checked") }
        }
        if wrong == nil { forget() }
    }

    private func forget() {
        words = []
        typed = Self.nothing
        step = .about
    }

    private var canCheck: Bool { typed.allSatisfy { !trimmed($0).isEmpty } }

    /// One of each half, so that a line that was left out while copying shows.
    private static let asked = [3, 9]
    private static let nothing = ["", ""]
}
