import Foundation
import Rafiq

// What several screens show.

/// Something to choose: what an event takes, and what the person reads.
public struct Choice<T> {
    public let value: T
    public let text: String
    public let chosen: Bool

    init(_ value: T, _ text: String, _ chosen: Bool = false) { (self.value, self.text, self.chosen) = (value, text, chosen) }
}

extension Choice: Equatable where T: Equatable {}
extension Choice: Sendable where T: Sendable {}

/// How much something asks for attention. Amber is for ``urgent`` alone.
public enum Tone: Sendable { case urgent, ordinary, calm }

/// A language to choose, by its own name.
public struct LanguageChoice: Equatable, Sendable {
    public let tag: String
    public let name: String
    public let direction: Direction
    /// People have reviewed every sentence of it.
    public let reviewed: Bool
    public let chosen: Bool
}

/// Somebody in a space.
public struct PersonRow: Equatable, Sendable {
    public let person: PersonRef
    /// Set apart, so that it may stand in a line of the other direction.
    public let name: String
    /// Their part, if they have taken one; in a group nothing.
    public let role: String?
    public let isMe: Bool
    /// Hears first when somebody asks for contact.
    public let hearsFirst: Bool
}

/// Somebody who has answered an invite and waits to be let in.
public struct RequestRow: Equatable, Sendable {
    public let request: JoinRequestId
    public let text: String
    public let at: String
    public let leadsTo: Place
}

/// A day to choose, written in the person's calendar.
public struct DayChoice: Equatable, Sendable {
    /// ISO 8601.
    public let day: String
    public let text: String
    fileprivate let zone: String

    /// A time of this day, as Unix ms: what the events that plan something take.
    public func at(hour: Int, minute: Int) -> Int64 {
        guard var parts = dayParts(day) else { return 0 }
        (parts.hour, parts.minute) = (hour, minute)
        return calendar(of: zone).date(from: parts)?.ms ?? 0
    }
}

/// What a person wrote, set apart from what stands around it (U+2068, U+2069).
func apart(_ text: String) -> String { "\u{2068}\(text)\u{2069}" }

/// A telephone number or address: left to right wherever it stands (U+2066, U+2069).
func leftToRight(_ text: String) -> String { "\u{2066}\(text)\u{2069}" }

/// The languages that are shipped, by their own names.
func languageChoices(_ chosen: String) -> [LanguageChoice] {
    shipped.map {
        LanguageChoice(tag: $0.tag, name: $0.name, direction: $0.direction, reviewed: $0.reviewed, chosen: $0.tag == chosen)
    }
}

private let shipped = (try? Language.available()) ?? []

extension Sayer {
    /// Today and the days after it.
    func days(from fromMs: Int64, zone: String, count: Int = 28) -> [DayChoice] {
        let here = calendar(of: zone)
        let now = Date(timeIntervalSince1970: Double(fromMs) / 1000)
        return (0..<count).compactMap { ahead in
            guard let date = here.date(byAdding: .day, value: ahead, to: now) else { return nil }
            let day = isoDay(here.dateComponents([.year, .month, .day], from: date))
            return DayChoice(day: day, text: text("app-date", ["date": dayOf(day, style: .full)]), zone: zone)
        }
    }
}

/// An ISO day (`2026-11-22`) in parts; nil for what is none.
func dayParts(_ day: String) -> DateComponents? {
    let numbers = day.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 3, let year = numbers[0], let month = numbers[1], let day = numbers[2] else { return nil }
    let parts = DateComponents(year: year, month: month, day: day)
    let utc = calendar(of: "UTC")
    guard let date = utc.date(from: parts), utc.dateComponents([.year, .month, .day], from: date) == parts else { return nil }
    return parts
}

/// The first moment of an ISO day in UTC, as Unix ms; 0 for what is none.
func startOfDay(_ day: String) -> Int64 { dayParts(day).flatMap { calendar(of: "UTC").date(from: $0)?.ms } ?? 0 }

private func isoDay(_ parts: DateComponents) -> String {
    func digits(_ number: Int?, _ count: Int) -> String {
        let digits = String(number ?? 0)
        return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
    return [digits(parts.year, 4), digits(parts.month, 2), digits(parts.day, 2)].joined(separator: "-")
}

/// Days as ISO 8601 counts them, in a zone. A zone that is none is refused by the library with its own error.
private func calendar(of zone: String) -> Calendar {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(identifier: zone) ?? .gmt
    return calendar
}

extension Date {
    fileprivate var ms: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }
}
