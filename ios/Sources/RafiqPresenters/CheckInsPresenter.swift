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
    public let contact: String
    public internal(set) var note: String
    public let at: String
    /// Who may see it.
    public let seenBy: String
    /// There are words of one's own that can be taken back.
    public let canErase: Bool
    /// Where the words that were taken back are gone, and which phones have not said so yet.
    public let receipt: [String]
}

/// What a person does with check-ins.
public enum CheckInsEvent: Equatable, Sendable {
    case more

    /// Only one's own. Ask first.
    case retract(id: CheckInId)

    /// Takes back what was written; the check-in stays. Only one's own. Ask first.
    case eraseWords(id: CheckInId)
    case refresh
    case dismiss
}

/// The check-ins that this phone holds.
public final class CheckInsPresenter: SessionPresenter<CheckInsContent, CheckInsEvent> {
    private var wanted = page

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
        let erased = found.filter { $0.isMine && $0.erasure != nil }
        var erasures: [String: Erasure] = [:]
        if !erased.isEmpty {
            let all = try await session.ask { try await $0.sync.erasures(limit: Self.most) }
            for erasure in all { erasures[erasure.id] = erasure }
        }
        var names: [String: String] = [:]
        for space in Set(erased.compactMap { if case .pairing(let pairing) = $0.share { pairing } else { nil } }) {
            for person in try await session.ask({ try await $0.people.list(space: space) }) { names[person.id.value] = person.name }
        }
        let zone = session.zone
        return await session.words.say { [erasures, names] say in
            if found.isEmpty { return .empty(sentence: say.text("app-check-ins-none")) }
            let rows = found.map { row(say, $0, titles, zone, receipt(say, $0, erasures, names)) }
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
            _ = try await session.ask { try await $0.checkIns.eraseWords(id: id) }
            notice = await session.words.say { $0.text("app-words-taken-back") }
        case .refresh, .dismiss: break
        }
    }

    override func noted(_ content: CheckInsContent, _ notice: String?) -> CheckInsContent { with(content) { $0.notice = notice } }

    /// Phone by phone; somebody's phones together. The other phones are told of with the exchange, and say so with theirs.
    private func receipt(
        _ say: Sayer, _ checkIn: CheckIn, _ erasures: [String: Erasure], _ names: [String: String]
    ) -> [String] {
        guard checkIn.isMine, let id = checkIn.erasure?.value, let erasure = erasures[id] else { return [] }
        var (people, confirmed): ([String], [String: Bool]) = ([], [:])
        for device in erasure.devices where !device.isThis {
            if confirmed[device.person] == nil { people.append(device.person) }
            confirmed[device.person] = device.confirmed && confirmed[device.person] != false
        }
        return [say.text("app-erased-here")]
            + people.map { person in
                let word = confirmed[person] == true ? "app-erased-there" : "app-erased-unconfirmed"
                return say.text(word, ["name": .written(names[person] ?? session.words[.somebody])])
            }
    }

    private func row(
        _ say: Sayer, _ checkIn: CheckIn, _ titles: [String: String], _ zone: String, _ receipt: [String]
    ) -> CheckInRow {
        let seenBy: String =
            switch checkIn.share {
            case .pairing(let id): titles[id].map(apart) ?? ""
            case .private: say.text("share-private")
            }
        return CheckInRow(
            id: checkIn.id, name: checkIn.isMine ? say.text("app-you") : apart(checkIn.name), isMine: checkIn.isMine,
            feeling: (Feeling.all.firstIndex(of: checkIn.feeling) ?? 0) + 1, feelingText: say.feeling(checkIn.feeling),
            helps: checkIn.helps.map { say.help($0) }, contact: say.wish(checkIn.contact), note: say.words(checkIn),
            at: say.moment(checkIn.atMs, zone), seenBy: seenBy, canErase: checkIn.isMine && checkIn.words == .here,
            receipt: receipt)
    }

    private static let page = 20

    /// The most that the library gives at once.
    private static let most = 500
}
