import Foundation
import Rafiq

/// One's own check-ins and those shared with one, the newest first.
public struct CheckInsContent: Equatable, Sendable {
    public let checkIns: [CheckInRow]
    /// There are older ones.
    public let hasMore: Bool
    public let remark: String?
    public internal(set) var notice: String?
}

/// One check-in.
public struct CheckInRow: Equatable, Sendable {
    public let id: CheckInId
    public let name: String
    public let isMine: Bool
    /// 1 to 5, for the face.
    public let feeling: Int
    public let feelingText: String
    public let helps: [String]
    /// Whether they would like to be contacted, with its question.
    public let contact: String
    public internal(set) var note: String
    public let at: String
    /// With whom it is shared, in a sentence.
    public let seenBy: String
    /// What to ask before the check-in is taken back; nil where it cannot be.
    public let retractAsk: String?
    /// What to ask before its words are erased: one's own, or, as a steward, somebody else's; nil where they cannot be.
    public let eraseAsk: String?
    /// Where erased words are gone, and which phones have not said so yet: for whoever wrote them, and for stewards.
    public let receipt: [String]
}

/// What a person does with check-ins.
public enum CheckInsEvent: Equatable, Sendable {
    case more

    /// Only one's own. Ask first, with ``CheckInRow/retractAsk``.
    case retract(id: CheckInId)

    /// Erases what was written; the check-in stays. One's own or, as a steward, somebody else's. Ask first, with
    /// ``CheckInRow/eraseAsk``.
    case eraseWords(id: CheckInId)
    case refresh
    case dismiss
}

/// The check-ins that this phone holds.
public final class CheckInsPresenter: SessionPresenter<CheckInsContent, CheckInsEvent> {
    private var wanted = page

    /// What was erased on this phone; tests let it be unreadable.
    lazy var erasures: @MainActor () async throws -> [Erasure] = { [session] in
        try await session.ask { try await $0.sync.erasures(limit: Self.most) }
    }

    override public init(session: Session) { super.init(session: session) }

    override func look() async throws -> UiState<CheckInsContent> {
        var found: [CheckIn] = []
        var next: String?
        repeat {
            let (limit, before) = (min(wanted - found.count, Self.most), next)
            let page = try await session.ask { try await $0.checkIns.list(filter: CheckInFilter(), limit: limit, before: before) }
            found += page.items
            next = page.next
        } while next != nil && found.count < wanted
        let pairings = try await session.ask { try await $0.mentoring.list() }
        let titles = Dictionary(uniqueKeysWithValues: pairings.map { ($0.id.value, $0.title) })
        var roles: [String: SpaceRole] = [:]
        for space in try await session.ask({ try await $0.sharing.spaces() }) { roles[space.id] = space.role }
        let places = found.map { shared($0, titles, roles) }
        let told = zip(found, places).map { $0.erasure != nil && ($0.isMine || $1.isSteward) }
        let erasures = told.contains(true) ? try await readErasures() : [:]
        let rosters = try await session.rosters(zip(places, told).compactMap { $1 ? $0.space : nil })
        let zone = session.zone
        return await session.words.say { say in
            if found.isEmpty { return .empty(sentence: say.text("app-check-ins-none")) }
            let rows = found.indices.map { at in
                let (checkIn, shared) = (found[at], places[at])
                return row(say, checkIn, shared, zone, told[at] ? receipt(say, checkIn, shared, erasures, rosters) : [])
            }
            return .content(CheckInsContent(checkIns: rows, hasMore: next != nil, remark: say.remark, notice: notice))
        }
    }

    override func perform(_ event: CheckInsEvent) async throws {
        switch event {
        case .more: wanted += Self.page
        case .retract(let id):
            try await session.ask { try await $0.checkIns.retract(id: id) }
            notice = await session.words.say { $0.text("app-taken-back") }
        case .eraseWords(let id):
            let whose = state.content?.checkIns.first { $0.id == id }
            _ = try await session.ask { try await $0.checkIns.eraseWords(id: id) }
            notice = await session.words.say { say in
                if let whose, !whose.isMine { return say.text("app-words-erased", ["name": .written(whose.name)]) }
                return say.text("app-words-taken-back")
            }
        case .refresh, .dismiss: break
        }
    }

    override func noted(_ content: CheckInsContent, _ notice: String?) -> CheckInsContent { with(content) { $0.notice = notice } }

    /// Where a check-in is shared, and what one may do there.
    private struct Shared {
        let space: String?
        let title: String
        let isSteward: Bool
        let hasLeft: Bool
    }

    private func shared(_ checkIn: CheckIn, _ titles: [String: String], _ roles: [String: SpaceRole]) -> Shared {
        guard case .pairing(let space) = checkIn.share else {
            return Shared(space: nil, title: "", isSteward: false, hasLeft: false)
        }
        // Nobody is let into a pairing to read alone: who may no more than that has left, or was taken out.
        return Shared(
            space: space, title: titles[space] ?? "", isSteward: roles[space] == .steward, hasLeft: roles[space] == .reader)
    }

    /// Where they cannot be read at all, each receipt says that it is not known.
    private func readErasures() async throws -> [String: Erasure] {
        do {
            return Dictionary(try await erasures().map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        } catch let error as RafiqError where error.isOfOneSpace {
            return [:]
        }
    }

    /// Phone by phone; somebody's phones together. The other phones are told of with the exchange, and say so with theirs. Who has left
    /// is told of nothing, and nobody hears of it from whoever has left.
    private func receipt(
        _ say: Sayer, _ checkIn: CheckIn, _ shared: Shared, _ erasures: [String: Erasure], _ rosters: Rosters
    ) -> [String] {
        let here = say.text("app-erased-here")
        let devices = checkIn.erasure.flatMap { erasures[$0.value] }?.devices ?? []
        // Their space cannot be read, or it was long ago.
        if devices.isEmpty { return [here, say.text("app-erased-unknown")] }
        let space = shared.space ?? ""
        var (persons, confirmed): ([String], [String: Bool]) = ([], [:])
        for device in devices where !device.isThis {
            if confirmed[device.person] == nil { persons.append(device.person) }
            confirmed[device.person] = device.confirmed && confirmed[device.person] != false
        }
        let there = persons.map { person in
            let word = confirmed[person] == true ? "app-erased-there" : "app-erased-unconfirmed"
            return say.text(word, ["name": .written(rosters.name(space, person) ?? session.words[.somebody])])
        }
        let known = Set(devices.map(\.person))
        let gone = rosters.of(space).filter { !$0.isMe && $0.enteredBy == nil && !known.contains($0.id.value) }
            .map { say.text("app-erased-gone", ["name": .written(nonempty($0.name) ?? session.words[.somebody])]) }
        return [here] + there + gone + (shared.hasLeft ? [say.text("app-erased-left", ["space": .written(shared.title)])] : [])
    }

    private func row(_ say: Sayer, _ checkIn: CheckIn, _ shared: Shared, _ zone: String, _ receipt: [String]) -> CheckInRow {
        CheckInRow(
            id: checkIn.id, name: checkIn.isMine ? say.text("app-you") : apart(checkIn.name), isMine: checkIn.isMine,
            feeling: (Feeling.all.firstIndex(of: checkIn.feeling) ?? 0) + 1, feelingText: say.feeling(checkIn.feeling),
            helps: checkIn.helps.map { say.help($0) }, contact: say.wished(checkIn.contact), note: say.words(checkIn),
            at: say.moment(checkIn.atMs, zone), seenBy: seenBy(say, shared),
            retractAsk: retractAsk(say, checkIn, shared), eraseAsk: checkIn.words == .here ? eraseAsk(say, checkIn, shared) : nil,
            receipt: receipt)
    }

    private func seenBy(_ say: Sayer, _ shared: Shared) -> String {
        if shared.space == nil { return say.text("app-shared-with-nobody") }
        return say.text("app-shared-with", ["space": .written(shared.title)])
    }

    /// What becomes of it where: truly, also of those who are not told.
    private func retractAsk(_ say: Sayer, _ checkIn: CheckIn, _ shared: Shared) -> String? {
        if !checkIn.isMine || shared.hasLeft { return nil }  // who has left writes nothing there any more
        if shared.space == nil { return say.text("app-take-back-ask-private") }
        return say.text("app-take-back-ask", ["space": .written(shared.title)])
    }

    private func eraseAsk(_ say: Sayer, _ checkIn: CheckIn, _ shared: Shared) -> String? {
        let space = ["space": Arg.written(shared.title)]
        if !checkIn.isMine {
            if !shared.isSteward { return nil }
            let name = ["name": Arg.written(nonempty(checkIn.name) ?? session.words[.somebody])]
            return say.text("app-erase-theirs-ask", space.merging(name) { one, _ in one })
        }
        if shared.space == nil { return say.text("app-erase-words-ask-private") }
        return say.text(shared.hasLeft ? "app-erase-words-ask-left" : "app-erase-words-ask", space)
    }

    private static let page = 20

    /// The most that the library gives at once.
    private static let most = 500
}
