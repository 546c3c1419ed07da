import Foundation
import Rafiq

// What several screens say of the same thing. The library's ids are asked for once each, not a call a row.

extension Sayer {
    func feeling(_ feeling: Feeling) -> String { text(feelingId(feeling)) }

    func help(_ help: HelpKind) -> String { text(helps[help] ?? "") }

    func wish(_ wish: ContactWish) -> String { text(wishes[wish] ?? "") }

    /// A wish as others read it, who have not seen the question.
    func wished(_ wish: ContactWish) -> String { text("\(wishes[wish] ?? "").told") }

    /// A check-in's words, or why they are not to be read here.
    func words(_ checkIn: CheckIn) -> String {
        if let id = try? checkIn.words.textId() { text(id) } else { checkIn.note }
    }

    func contactKind(_ kind: ContactKind) -> String { text(contactKinds[kind] ?? "") }

    func presence(_ presence: Presence) -> String { text(presences[presence] ?? "") }

    func role(_ role: String) -> String { text("role-\(role)") }

    func modality(_ modality: Modality) -> String {
        switch modality {
        case .inPerson: text("modality-in-person")
        case .remote: text("modality-remote")
        case .hybrid: text("modality-hybrid")
        }
    }

    /// "Place: …"; nothing for none.
    func place(_ place: String) -> String? { place.isEmpty ? nil : text("session-place", ["place": .written(place)]) }

    /// By when something is to be done, or since when it was.
    func due(_ dueByMs: Int64, _ now: Int64, _ zone: String) -> String {
        text(dueByMs < now ? "due-since" : "due-by", ["date": dayOf(dueByMs, zone, style: .long)])
    }

    /// How far a listing can be relied on. A day that cannot be read is as good as none.
    func freshness(_ freshness: Freshness, _ assuredDate: String?) -> String {
        guard let day = assuredDate, dayParts(day) != nil, freshness != .unknown else { return text("freshness-unknown") }
        switch freshness {
        case .fresh: return text("freshness-fresh", ["date": dayOf(day)])
        case .ageing: return text("freshness-ageing", ["date": dayOf(day)])
        default: return text("freshness-stale", ["date": dayOf(day)])
        }
    }

    /// That a service is closed, by HSDS's `status`.
    func closed(_ status: String) -> String? {
        switch status {
        case "inactive", "defunct": text("app-service-closed")
        case "temporarily closed": text("app-service-paused")
        default: nil
        }
    }

    /// Somebody who would like to be let in; `space` is named where several can be meant.
    func request(_ request: JoinRequest, space: String?, zone: String) -> RequestRow {
        let text =
            if let space {
                text("app-asks-to-join-here", ["name": .written(request.name), "space": .written(space)])
            } else {
                text("app-asks-to-join", ["name": .written(request.name)])
            }
        return RequestRow(request: request.id, text: text, at: moment(request.atMs, zone), leadsTo: .invite(space: request.space))
    }
}

/// Only somebody who may be left alone is urgent; a late step is not.
func tone(isWatch: Bool, _ dueByMs: Int64, _ now: Int64) -> Tone { isWatch && dueByMs < now ? .urgent : .ordinary }

func tone(_ freshness: Freshness) -> Tone {
    switch freshness {
    case .fresh: .calm
    case .ageing, .unknown: .ordinary
    case .stale: .urgent
    }
}

/// Languages as a source lists them: by their own names where the name is known.
func languageNames(_ tags: [String]) -> [String] {
    let known = Dictionary(uniqueKeysWithValues: languageChoices("").map { ($0.tag, $0.name) })
    return tags.map { known[$0] ?? $0 }
}

func feelingId(_ feeling: Feeling) -> String { feelings[feeling] ?? "" }

/// Blank at both ends, a text says the same.
func trimmed(_ text: String) -> String { text.trimmingCharacters(in: .whitespacesAndNewlines) }

extension Feeling { static let all: [Feeling] = [.veryHard, .hard, .soSo, .good, .veryGood] }
extension HelpKind { static let all: [HelpKind] = [.emotional, .practical, .companionship, .information] }
extension ContactWish { static let all: [ContactWish] = [.no, .thisWeek, .today] }
extension ContactKind { static let all: [ContactKind] = [.visit, .call, .message, .accompaniment] }
extension Presence { static let all: [Presence] = [.came, .late, .excused, .missed] }
extension Modality { static let all: [Modality] = [.inPerson, .remote, .hybrid] }

private let feelings = ids(Feeling.all) { try $0.textId() }
private let helps = ids(HelpKind.all) { try $0.textId() }
private let wishes = ids(ContactWish.all) { try $0.textId() }
private let contactKinds = ids(ContactKind.all) { try $0.textId() }
private let presences = ids(Presence.all) { try $0.textId() }

private func ids<Kind: Hashable>(_ kinds: [Kind], _ id: (Kind) throws -> String) -> [Kind: String] {
    Dictionary(uniqueKeysWithValues: kinds.map { ($0, (try? id($0)) ?? "") })
}
