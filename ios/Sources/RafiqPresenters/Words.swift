import Foundation
import Rafiq

/// The words of a language, and whatever else is said in it. Said once, when the language is opened; never changes.
public final class Words: Sendable {
    /// The language.
    public let language: Language
    /// What stands at the foot of a screen whose words are not the person's own language's, or that no person has reviewed.
    public let remark: String?
    /// Which way screens are laid out.
    public let direction: Direction
    /// The language that they are really in.
    let spokenIn: String
    /// Whether that is the language that was asked for.
    let isOwn: Bool
    /// The tag it was opened with.
    let tag: String
    private let texts: [Word: String]
    private let remarks: Remarks
    /// What support models that a programme brought along say for themselves: see `Rafiq.modelTexts`.
    private let own: [String: Spoken]

    public init(language: Language, own: [String: Spoken] = [:]) {
        self.language = language
        self.own = own
        remarks = Remarks(language)
        // None of these can fail for a language that was opened: a test asks for every word in every language.
        let spoken = (try? language.texts(Word.allCases.map { said($0.rawValue) })) ?? []
        texts = Dictionary(uniqueKeysWithValues: zip(Word.allCases, spoken.map(\.text)))
        remark = remarks.remark(spoken)
        tag = (try? language.tag()) ?? "en"
        direction = (try? language.direction()) ?? .leftToRight
        spokenIn = spoken.first?.language ?? "en"
        isOwn = !spoken.contains(where: \.fallback)
    }

    /// A word.
    public subscript(_ word: Word) -> String { texts[word] ?? "" }

    /// The words of a tag; English for one that is none (a device may report anything).
    static func of(_ tag: String) async throws -> Words {
        do { return Words(language: try Language(tag)) } catch RafiqError.Invalid { return Words(language: try Language("en")) }
    }

    /// The same, with what support models say for themselves.
    func with(_ own: [String: Spoken]) -> Words { own.isEmpty ? self : Words(language: language, own: own) }

    /// Says an error.
    func error(_ error: RafiqError) -> String {
        let ours: String? =
            switch error {
            case .Host(reason: "no-connection"): "sync-offline"
            case .Host(let reason) where reason.hasPrefix("relay-"): "app-relay-trouble"
            default: nil
            }
        let spoken = if let ours { try? language.text(ours) } else { try? language.errorText(error) }
        return spoken?.text ?? ""
    }

    /// Says a whole screen in one call into the core: `write` runs twice, first to hear what is asked, then with the answers. It must
    /// ask the same both times, so it only puts together what it was given.
    @MainActor func say<C>(_ write: (Sayer) -> C) async -> C {
        let asking = Sayer(nil, remark: nil)
        _ = write(asking)
        let (spoken, remark) = await answer(asking.asked)
        return write(Sayer(spoken, remark: remark ?? self.remark))
    }

    /// Away from the main thread.
    private nonisolated func answer(_ asked: [Said]) async -> ([String], String?) {
        let spoken = spoken(asked)
        return (spoken.map(\.text), remarks.remark(spoken))
    }

    private func spoken(_ asked: [Said]) -> [Spoken] {
        var shipped = shipped(asked.filter { own[$0.id] == nil }).makeIterator()
        return asked.compactMap { own[$0.id] ?? shipped.next() }
    }

    /// An id from a support model that this version has no words for must not take the rest of the screen with it.
    private func shipped(_ asked: [Said]) -> [Spoken] {
        if asked.isEmpty { return [] }
        if let spoken = try? language.texts(asked) { return spoken }
        let unknown = try? language.text("app-no-words")
        return asked.map { said in
            (try? language.texts([said]).first) ?? unknown ?? Spoken(text: "", language: tag, fallback: false, machine: false)
        }
    }
}

extension Words: Equatable {
    public static func == (one: Words, other: Words) -> Bool { one === other }
}

/// One remark for each language that sentences come in, with and without being the person's own.
private final class Remarks: @unchecked Sendable {  // `known` is only touched under the lock
    private struct Key: Hashable { let language: String, fallback: Bool }
    private let language: Language
    private let lock = NSLock()
    private var known: [Key: String] = [:]

    init(_ language: Language) { self.language = language }

    func remark(_ spoken: [Spoken]) -> String? {
        guard let remarkable = spoken.first(where: \.fallback) ?? spoken.first(where: \.machine) else { return nil }
        let key = Key(language: remarkable.language, fallback: remarkable.fallback)
        return lock.withLock {
            if let remark = known[key] { return remark }
            let remark = (try? language.label(remarkable))?.text
            known[key] = remark
            return remark
        }
    }
}

/// What a screen says, one sentence after the other. See ``Words/say(_:)``.
final class Sayer {
    private(set) var asked: [Said] = []
    let remark: String?
    private let spoken: [String]?

    init(_ spoken: [String]?, remark: String?) { (self.spoken, self.remark) = (spoken, remark) }

    /// A sentence.
    func text(_ id: String, _ args: [String: Arg] = [:]) -> String {
        asked.append(said(id, args))
        guard let spoken, asked.count <= spoken.count else { return "" }
        return spoken[asked.count - 1]
    }

    /// A moment, to the minute.
    func moment(_ atMs: Int64, _ zone: String, style: DateStyle = .full) -> String {
        text("app-date", ["date": momentOf(atMs, zone, style: style)])
    }
}

extension Arg {
    /// What a person wrote.
    static func written(_ text: String) -> Arg { .text(value: text) }

    /// A count.
    static func count(_ number: some BinaryInteger) -> Arg { .number(value: Int64(clamping: number)) }
}

/// An ISO day as a value of a sentence.
func dayOf(_ day: String, style: DateStyle = .long) -> Arg {
    .moment(atMs: startOfDay(day), zone: "UTC", style: style, withTime: false)
}

/// The day of a moment, as a value of a sentence.
func dayOf(_ atMs: Int64, _ zone: String, style: DateStyle = .full) -> Arg {
    .moment(atMs: atMs, zone: zone, style: style, withTime: false)
}

/// A moment, to the minute, as a value of a sentence.
func momentOf(_ atMs: Int64, _ zone: String, style: DateStyle = .full) -> Arg {
    .moment(atMs: atMs, zone: zone, style: style, withTime: true)
}
