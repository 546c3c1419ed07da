import Foundation
import Rafiq

/// What is due today.
public struct TodayContent: Equatable, Sendable {
    /// Today's date.
    public let date: String
    /// Somebody asks for a person: first and apart from all else.
    public let alerts: [AlertRow]
    public let due: [DueRow]
    /// Nothing is due, in a sentence.
    public let nothing: String?
    /// How many wait to be let in, where; a row each pairing or group.
    public let openRequests: Int
    public let requests: [WaitingRow]
    /// How sync stands, in one line.
    public let sync: String
    public let remark: String?
    public internal(set) var notice: String?
}

/// Somebody asks to be contacted.
public struct AlertRow: Equatable, Sendable {
    public let alert: AlertId
    public let text: String
    public let at: String
    /// Nobody vouches for who wrote it, in a sentence; shown all the same.
    public let unconfirmed: String?
    public let leadsTo: Place?
}

/// Some wait to be let in.
public struct WaitingRow: Equatable, Sendable {
    /// The pairing or group.
    public let title: String
    public let text: String
    public let leadsTo: Place
}

/// Something that is due.
public struct DueRow: Equatable, Sendable {
    public let id: String
    /// The pairing or group that it concerns, to be read first; nil where that is not known.
    public let title: String?
    public let text: String
    /// Where, by when; a line each.
    public let details: [String]
    public let tone: Tone
    public let leadsTo: Place?
    /// What "done" completes, for a step of a plan.
    public let completes: TodayEvent?
}

/// What a person does on today's screen.
public enum TodayEvent: Equatable, Sendable {
    case settle(alert: AlertId)
    case completeStep(pairing: PairingId, step: String)
    case refresh
    case dismiss
}

/// The first screen: what is due now. Reads rows alone, in five calls into the library; a sixth where something does not name its
/// space.
public final class TodayPresenter: SessionPresenter<TodayContent, TodayEvent> {
    override public init(session: Session) { super.init(session: session) }

    override func look() async throws -> UiState<TodayContent> {
        let (now, zone) = (session.nowMs, session.zone)
        let due = try await session.ask { try await $0.today.list(nowMs: now, zone: zone) }
        let alerts = try await session.ask { try await $0.safety.alerts() }
        let requests = try await session.ask { try await $0.sharing.requests() }
        let status = try await session.ask { try await $0.sync.status() }
        let isNameless = !requests.isEmpty || due.contains { $0.kind != .alert && title($0) == nil }
        let spaces = isNameless ? try await session.ask { try await $0.sharing.spaces() } : []
        let names = Dictionary(spaces.map { ($0.id, $0.title) }, uniquingKeysWith: { first, _ in first })
        return await session.words.say { say in
            let rows = due.filter { $0.kind != .alert }.map { row(say, $0, names, now, zone) }
            return .content(
                TodayContent(
                    date: say.text("app-date", ["date": dayOf(now, zone)]),
                    alerts: alerts.map { alert(say, $0, zone) },
                    due: rows,
                    nothing: rows.isEmpty && alerts.isEmpty ? say.text("today-nothing") : nil,
                    openRequests: requests.count,
                    requests: waiting(say, requests.map(\.space), names),
                    sync: sync(say, status, zone),
                    remark: say.remark,
                    notice: notice))
        }
    }

    override func perform(_ event: TodayEvent) async throws {
        switch event {
        case .settle(let alert): try await session.ask { try await $0.safety.settle(alert: alert) }
        case .completeStep(let pairing, let step):
            try await session.ask { try await $0.mentoring.completeStep(pairing: pairing, step: step) }
        case .refresh, .dismiss: break
        }
    }

    override func noted(_ content: TodayContent, _ notice: String?) -> TodayContent { with(content) { $0.notice = notice } }

    private func alert(_ say: Sayer, _ alert: ReceivedAlert, _ zone: String) -> AlertRow {
        AlertRow(
            alert: alert.id,
            text: say.text("alert-contact-today", ["name": .written(alert.name)]),  // also of a kind that only a newer app knows
            at: say.moment(alert.atMs, zone),
            unconfirmed: alert.confirmed ? nil : say.text("app-unconfirmed"),
            leadsTo: alert.space.map { .pairing(id: PairingId(value: $0)) })
    }

    /// How many wait, a row each space, in the order that they come in.
    private func waiting(_ say: Sayer, _ asking: [String], _ names: [String: String]) -> [WaitingRow] {
        asking.enumerated().filter { asking.firstIndex(of: $0.element) == $0.offset }.map(\.element).map { space in
            let count = asking.filter { $0 == space }.count
            return WaitingRow(
                title: apart(names[space] ?? ""), text: say.text("app-requests", ["count": .count(count)]),
                leadsTo: .invite(space: space))
        }
    }

    private func title(_ item: DueItem) -> String? { Self.titles.compactMap { item.args[$0] }.first }

    private func row(_ say: Sayer, _ item: DueItem, _ names: [String: String], _ now: Int64, _ zone: String) -> DueRow {
        var values = item.args.mapValues { Arg.written($0) }
        values["date"] = momentOf(item.dueFromMs, zone)
        let isStep = item.kind == .step || item.kind == .watch
        let title = nonempty(title(item) ?? names[item.space] ?? "").map(apart)
        let text = say.text(item.textId, values)
        let place = item.args["place"].map { say.text("session-place", ["place": .written($0)]) }
        let due = isStep ? say.due(item.dueByMs, now, zone) : nil
        let tone: Tone =
            switch item.kind {
            case .alert: .urgent
            case .watch: RafiqPresenters.tone(isWatch: true, item.dueByMs, now)
            case .goal: .calm
            default: .ordinary
            }
        return DueRow(
            id: item.id, title: title, text: text, details: [place, due].compactMap { $0 }, tone: tone, leadsTo: leads(item, now),
            completes: isStep ? .completeStep(pairing: PairingId(value: item.space), step: item.target) : nil)
    }

    private func leads(_ item: DueItem, _ now: Int64) -> Place? {
        switch item.kind {
        case .alert: return item.space.isEmpty ? nil : .pairing(id: PairingId(value: item.space))
        case .conflict:
            if item.textId == "today-attendance-conflict" { return .attendance(session: SessionId(value: item.target)) }
            if item.target == item.space { return .pairing(id: PairingId(value: item.space)) }
            return .group(id: SupportGroupId(value: item.space))
        case .session:
            if item.dueFromMs <= now { return .attendance(session: SessionId(value: item.target)) }
            return .group(id: SupportGroupId(value: item.space))
        default: return .pairing(id: PairingId(value: item.space))
        }
    }

    private func sync(_ say: Sayer, _ status: SyncStatus, _ zone: String) -> String {
        let waiting = status.unsentChanges + status.outbox
        guard let last = status.relays.map(\.lastExchangeMs).max() else { return say.text("sync-never") }
        if waiting > 0 { return say.text("sync-waiting", ["count": .count(waiting)]) }
        return say.text("sync-last", ["date": momentOf(last, zone)])
    }

    /// The values of a due item that say with whom it is.
    private static let titles = ["title", "pairing", "group"]
}
