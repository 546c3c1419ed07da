// What both of the players stand on: this one, and the one that goes through the presenters (ios/Tests/Play has it by a link).

import Foundation
import Rafiq

/// A value of a scenario, or of what a step gives.
indirect enum Json: Decodable, Equatable, Sendable {
    case null, bool(Bool), number(Int64), text(String), list([Json]), object([String: Json])

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else if let number = try? value.decode(Int64.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let list = try? value.decode([Json].self) {
            self = .list(list)
        } else {
            self = .object(try value.decode([String: Json].self))
        }
    }

    subscript(name: String) -> Json { fields[name] ?? .null }

    var string: String { if case .text(let text) = self { text } else { "" } }
    var int: Int64 { if case .number(let number) = self { number } else { 0 } }
    var items: [Json] { if case .list(let list) = self { list } else { [] } }
    var fields: [String: Json] { if case .object(let all) = self { all } else { [:] } }

    static func texts(_ texts: some Sequence<String>) -> Json { .list(texts.map(Json.text)) }

    /// By code point, as the other players sort.
    static func sorted(_ texts: some Sequence<String>) -> Json {
        .texts(texts.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) })
    }

    static func count(_ count: Int) -> Json { .number(Int64(count)) }
}

/// SplitMix64 from FNV-1a of a text, as the scenario says.
final class SeededRandom: HostRandom, @unchecked Sendable {  // `state` is only touched under the lock
    private let lock = NSLock()
    private var state: UInt64

    init(_ seed: String) {
        state = seed.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    private func draw() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    func bytes(count: Int32) throws -> Data {
        lock.withLock {
            var drawn = Data()
            while drawn.count < Int(count) {
                var draw = draw().littleEndian
                withUnsafeBytes(of: &draw) { drawn.append(contentsOf: $0) }
            }
            return drawn.prefix(Int(count))
        }
    }
}

/// The scenario's words for what is chosen.
enum Named {
    static let helps: [String: HelpKind] = [
        "emotional": .emotional, "practical": .practical, "companionship": .companionship, "information": .information,
    ]
    static let wishes: [String: ContactWish] = ["no": .no, "this-week": .thisWeek, "today": .today]
    static let contacts: [String: ContactKind] = [
        "visit": .visit, "call": .call, "message": .message, "accompaniment": .accompaniment,
    ]
    static let modalities: [String: Modality] = ["in-person": .inPerson, "remote": .remote, "hybrid": .hybrid]
    static let presences: [String: Presence] = ["came": .came, "late": .late, "excused": .excused, "missed": .missed]
}
