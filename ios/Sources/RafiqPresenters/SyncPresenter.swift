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
    public let held: [HeldRow]
    public let work: [WorkRow]
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

    /// Takes in what waits of somebody who was taken out. Only a steward. Ask first.
    case keep(space: String, person: PersonRef)
    case refresh
    case dismiss
}

/// Exchanges with the relays, and shows how that stands.
public final class SyncPresenter: SessionPresenter<SyncContent, SyncEvent> {
    private var running = false

    override public init(session: Session) { super.init(session: session) }

    override func look() async throws -> UiState<SyncContent> {
        let zone = session.zone
        let status = try await session.ask { try await $0.sync.status() }
        var held: [HeldItem] = []
        if status.waiting + status.quarantined > 0 {
            held = try await session.ask { try await $0.sync.heldItems(limit: Self.mostHeld) }
        }
        let removed = held.count { $0.reason == Self.removed }
        let work = removed > 0 ? try await work() : []
        let isCovered = work.reduce(0) { $0 + $1.held.entries } >= removed
        if isCovered { held.removeAll { $0.reason == Self.removed } }  // said once is enough
        let home = try await session.ask { try await $0.sync.homeRelay() }
        let relays = try await session.ask { try await $0.sync.relays() }
        var names: [String: String] = [:]
        for space in Set(status.waitingFor.map(\.space)) {
            for person in try await session.ask({ try await $0.people.list(space: space) }) { names[person.id.value] = person.name }
        }
        let last = status.relays.map(\.lastExchangeMs).max()
        let waiting = status.unsentChanges + status.outbox
        let sent = status.relays.reduce(0) { $0 + $1.bytesSent }
        let received = status.relays.reduce(0) { $0 + $1.bytesReceived }
        return await session.words.say { [held, names] say in
            let bytes = ["sent": Arg.count(kilobytes(sent)), "received": .count(kilobytes(received))]
            return .content(
                SyncContent(
                    last: last.map { say.text("sync-last", ["date": momentOf($0, zone)]) } ?? say.text("sync-never"),
                    waiting: waiting == 0 && last != nil
                        ? say.text("sync-up-to-date") : say.text("sync-waiting", ["count": .count(waiting)]),
                    waitingFor: waitingFor(say, status.waitingFor, names),
                    bytes: last == nil ? nil : say.text("app-exchange-bytes", bytes),
                    held: held.map { row(say, $0, zone) },
                    work: work.map { row(say, $0, zone) },
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
        let (words, carrier) = (session.words, session.carrier)
        if try await session.ask({ try await $0.sync.relays() }).isEmpty {
            notice = await words.say { $0.text("app-relay-none") }
            return
        }
        do {
            let answers = try await aside {  // cut off without loss
                try await work.aside { try await session.ask { try await $0.exchange(carrier: carrier) } }
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

    private func outcome(_ say: Sayer, _ answers: [Received]) -> String {
        let delivered = answers.flatMap(\.delivered)
        if answers.contains(where: { $0.retryAfterS != nil }) { return say.text("app-relay-trouble") }
        return delivered.isEmpty ? say.text("sync-up-to-date") : say.text("sync-received", ["count": .count(delivered.count)])
    }

    private func waitingFor(_ say: Sayer, _ waiting: [WaitingFor], _ names: [String: String]) -> [String] {
        let known = waiting.compactMap { $0.person.flatMap { names[$0] } }
        return known.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            .map { say.text("sync-waiting-for-phone", ["name": .written($0)]) }
    }

    /// Work that is held, where, and whose.
    private struct Aside {
        let space: SharedSpace
        let held: HeldWork
        let name: String
    }

    private func work() async throws -> [Aside] {
        var all: [Aside] = []
        for space in try await session.ask({ try await $0.sharing.spaces() }) {
            let held = try await session.ask { try await $0.sharing.heldWork(space: space.id) }
            let people = held.isEmpty ? [] : try await session.ask { try await $0.people.list(space: space.id) }
            for held in held {
                let name = people.first { $0.id == held.person }?.name ?? session.words[.somebody]
                all.append(Aside(space: space, held: held, name: name))
            }
        }
        return all
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
            case .refused: "app-held-refused"
            case .localQuarantine: "app-held-doubtful"
            }
        return HeldRow(id: item.id, text: say.text(word), at: say.moment(item.arrivedMs, zone), reason: item.reason)
    }

    private func kilobytes(_ bytes: Int64) -> Int64 { (bytes + 1023) / 1024 }

    private static let mostHeld = 50

    /// Why something is held whose author had been taken out.
    private static let removed = "removed"
}
