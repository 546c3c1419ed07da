import Foundation
import Rafiq

/// How exchanging stands.
public struct SyncContent: Equatable, Sendable {
    public let last: String
    /// What waits to be sent, or that everything is up to date.
    public let waiting: String
    /// "Waiting for Amina's phone".
    public let waitingFor: [String]
    /// How much went over the line; null before anything did.
    public let bytes: String?
    /// While it is running: how far it is with each space, as far as the relay has said; a sentence each.
    public let progress: [String]
    /// How much waits for a line that does not cost by the amount; nil for nothing.
    public let unmetered: String?
    /// Whether large things may use a line that costs; empty as long as nothing was large. None is chosen by whoever was not asked yet.
    public let metered: [Choice<MeteredLine>]
    public let held: [HeldRow]
    public let work: [WorkRow]
    /// Of which spaces it cannot be said what stands aside, a sentence each.
    public let unread: [String]
    /// The relay of what is founded here; empty for none.
    public let relay: String
    /// There is no relay at all, in a sentence.
    public let noRelay: String?
    public let running: Bool
    public let remark: String?
    public internal(set) var notice: String?
}

/// Something that stands aside.
public struct HeldRow: Equatable, Sendable {
    public let id: String
    public let text: String
    public let at: String
    /// One stable word for those who help: not a sentence.
    public let reason: String
}

/// What waits of somebody who had been taken out of a space when they wrote it.
public struct WorkRow: Equatable, Sendable {
    public let space: String
    public let person: PersonRef
    /// Whose it is, and how much.
    public let text: String
    /// What the space is called.
    public let title: String
    public let at: String
    public let about: String
    /// This profile may take it into the space after all.
    public let canKeep: Bool

    /// By which one row is told from another, also when more of the same person has come.
    public var key: [String] { [space, person.value, text] }
}

/// What a person does about exchanging.
public enum SyncEvent: Equatable, Sendable {
    case exchangeNow
    case setRelay(url: String)

    /// Whether large things may use a line that costs by the amount.
    case setMetered(choice: MeteredLine)

    /// Takes in what waits of somebody who was taken out. Only a steward. Ask first.
    case keep(space: String, person: PersonRef)
    case refresh
    case dismiss
}

/// Exchanges with the relays, and shows how that stands.
public final class SyncPresenter: SessionPresenter<SyncContent, SyncEvent> {
    private var running = false

    /// What stands aside, and whose work is held in a space; tests put something else there, such as a space that cannot be read.
    lazy var heldItems: @MainActor () async throws -> [HeldItem] = { [session] in
        try await session.ask { try await $0.sync.heldItems(limit: Self.mostHeld) }
    }
    lazy var heldWork: @MainActor (SharedSpace) async throws -> [HeldWork] = { [session] space in
        try await session.ask { try await $0.sharing.heldWork(space: space.id) }
    }

    override public init(session: Session) { super.init(session: session) }

    override func look() async throws -> UiState<SyncContent> {
        let zone = session.zone
        let status = try await session.ask { try await $0.sync.status() }
        var held: [HeldItem] = []
        if status.waiting + status.quarantined > 0 { held = try await heldItems() }
        let removed = held.count { $0.reason == Self.removed }
        // Not only where one of those items is listed: it may be behind many others.
        let work = status.waiting > 0 ? try await work() : Answers()
        let isCovered = work.found.reduce(0) { $0 + $1.held.entries } >= removed
        if isCovered { held.removeAll { $0.reason == Self.removed } }  // said once is enough
        let progress = running ? try await session.ask { try await $0.sync.progress() } : []
        var titles: [String: String] = [:]
        if !progress.isEmpty {
            for space in try await session.ask({ try await $0.sharing.spaces() }) { titles[space.id] = space.title }
        }
        let home = try await session.ask { try await $0.sync.homeRelay() }
        let relays = try await session.ask { try await $0.sync.relays() }
        let rosters = try await session.rosters(status.waitingFor.map(\.space))
        let last = status.relays.map(\.lastExchangeMs).max()
        let waiting = status.unsentChanges + status.outbox
        let sent = status.relays.reduce(0) { $0 + $1.bytesSent }
        let received = status.relays.reduce(0) { $0 + $1.bytesReceived }
        return await session.words.say { [held, titles] say in
            let bytes = ["sent": Arg.count(kilobytes(sent)), "received": .count(kilobytes(received))]
            return .content(
                SyncContent(
                    last: last.map { say.text("sync-last", ["date": momentOf($0, zone)]) } ?? say.text("sync-never"),
                    waiting: waiting == 0 && last != nil
                        ? say.text("sync-up-to-date") : say.text("sync-waiting", ["count": .count(waiting)]),
                    waitingFor: waitingFor(say, status.waitingFor, rosters),
                    bytes: last == nil ? nil : say.text("app-exchange-bytes", bytes),
                    progress: progress.compactMap { self.progress(say, $0, titles) },
                    unmetered: status.unmeteredBytes == 0
                        ? nil : say.text("app-unmetered", ["size": .count(kilobytes(status.unmeteredBytes))]),
                    metered: status.unmeteredBytes == 0 && status.meteredLine == nil
                        ? [] : Self.choices.map { Choice($0.choice, say.text($0.word), $0.choice == status.meteredLine) },
                    held: held.map { row(say, $0, zone) },
                    work: work.found.map { row(say, $0, zone) },
                    unread: work.unread.map { say.text("app-unread-space", ["space": .written($0.title)]) },
                    relay: home,
                    noRelay: home.isEmpty && relays.isEmpty ? say.text("app-relay-none") : nil,
                    running: running,
                    remark: say.remark,
                    notice: notice))
        }
    }

    override func perform(_ event: SyncEvent) async throws {
        switch event {
        case .exchangeNow: if !running { try await exchange() }
        case .setRelay(let url): try await session.ask { try await $0.sync.setHomeRelay(url: trimmed(url)) }
        case .setMetered(let choice):
            try await session.ask { try await $0.sync.setMeteredLine(choice) }
            notice = await session.words.say { $0.text("app-saved") }
        case .keep(let space, let person):
            try await session.ask { try await $0.sharing.keep(space: space, person: person) }
            notice = await session.words.say { $0.text("app-kept") }
        case .refresh, .dismiss: break
        }
    }

    override func noted(_ content: SyncContent, _ notice: String?) -> SyncContent { with(content) { $0.notice = notice } }

    private func exchange() async throws {
        running = true
        defer { running = false }
        await show()
        let (words, carrier, budget) = (session.words, session.carrier, session.budget(Self.atOnce))
        if try await session.ask({ try await $0.sync.relays() }).isEmpty {
            notice = await words.say { $0.text("app-relay-none") }
            return
        }
        do {
            let answers = try await aside {  // cut off without loss
                try await work.aside { try await session.ask { try await $0.exchange(budget: budget, carrier: carrier) } }
            }
            notice = await words.say { outcome($0, answers) }
        } catch let error as RafiqError {
            // An answer that was none: the line was cut, or something between here and the relay answered.
            guard case .Invalid = error else { throw error }
            notice = await words.say { $0.text("sync-interrupted") }
        } catch {  // whatever a carrier throws
            notice = await words.say { $0.text("sync-interrupted") }
        }
    }

    /// Of what came, what was new and taken: what a relay tells once more, and what stands aside, is no change.
    private func outcome(_ say: Sayer, _ answers: [Received]) -> String {
        if answers.contains(where: { $0.retryAfterS != nil }) { return say.text("app-relay-trouble") }
        if answers.allSatisfy(\.delivered.isEmpty) { return say.text("sync-up-to-date") }
        return say.text("sync-received", ["count": .count(answers.reduce(0) { $0 + $1.taken })])
    }

    private func waitingFor(_ say: Sayer, _ waiting: [WaitingFor], _ rosters: Rosters) -> [String] {
        let known = waiting.compactMap { waited in waited.person.flatMap { rosters.name(waited.space, $0) } }
        return known.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            .map { say.text("sync-waiting-for-phone", ["name": .written($0)]) }
    }

    /// Work that is held, where, and whose.
    private struct Aside: Sendable {
        let space: SharedSpace
        let held: HeldWork
        let name: String
    }

    private func work() async throws -> Answers<Aside> {
        try await session.ask { try await $0.sharing.spaces() }.answers { space in
            let held = try await heldWork(space)
            let rosters = try await session.rosters(held.isEmpty ? [] : [space.id])
            return held.map {
                Aside(space: space, held: $0, name: rosters.name(space.id, $0.person.value) ?? session.words[.somebody])
            }
        }
    }

    private func row(_ say: Sayer, _ aside: Aside, _ zone: String) -> WorkRow {
        let canKeep = aside.space.role == .steward
        let said = ["count": Arg.count(aside.held.entries), "name": .written(aside.name)]
        return WorkRow(
            space: aside.space.id, person: aside.held.person, text: say.text("app-held-work", said),
            title: apart(aside.space.title),
            at: say.moment(aside.held.sinceMs, zone), about: say.text(canKeep ? "app-held-work-about" : "app-held-removed"),
            canKeep: canKeep)
    }

    private func row(_ say: Sayer, _ item: HeldItem, _ zone: String) -> HeldRow {
        let word =
            switch item.standing {
            case .waiting: item.reason == Self.removed ? "app-held-removed" : "app-held-waiting"
            case .refused: item.reason == Self.fork ? "app-held-fork" : "app-held-refused"
            case .localQuarantine: "app-held-doubtful"
            }
        return HeldRow(id: item.id, text: say.text(word), at: say.moment(item.arrivedMs, zone), reason: item.reason)
    }

    private func progress(_ say: Sayer, _ of: SpaceProgress, _ titles: [String: String]) -> String? {
        let far = ["done": Arg.count(kilobytes(of.doneBytes)), "total": .count(kilobytes(of.totalBytes))]
        guard let space = of.space else { return say.text("app-exchange-progress-own", far) }
        return titles[space].map { say.text("app-exchange-progress", far.merging(["space": .written($0)]) { one, _ in one }) }
    }

    private func kilobytes(_ bytes: Int64) -> Int64 { (bytes + 1023) / 1024 }

    private static let mostHeld = 50

    /// Bytes of one request and of one answer.
    private static let atOnce: Int64 = 512 * 1024
    private static let choices: [(choice: MeteredLine, word: String)] = [(.wait, "app-metered-wait"), (.use, "app-metered-use")]

    /// Why something is held whose author had been taken out.
    private static let removed = "removed"

    /// Why something fell that was signed in a place where something else stands.
    private static let fork = "fork"
}
