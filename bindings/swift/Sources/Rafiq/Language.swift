import RafiqBindings

/// A language that someone reads, with what to fall back to: sentences, dates and numbers. Needs no profile, waits for nothing and
/// never changes.
public struct Language: Sendable {
    private let opened: RafiqBindings.Language
    private var core: RafiqBindings.Language {
        callsToCore.add()
        return opened
    }

    /// Opens the language of a BCP 47 tag, such as a device reports it. `RafiqError.Invalid` if the tag is none.
    public init(_ tag: String) throws {
        callsToCore.add()
        opened = try RafiqBindings.Language.open(tag: tag)
    }

    /// The tag it was opened with, in its canonical form.
    public func tag() throws -> String { try core.tag() }

    /// Which way its sentences are written.
    public func direction() throws -> Direction { try core.direction() }

    /// The calendar its dates are in.
    public func calendar() throws -> CalendarKind { try core.calendar() }

    /// The sentence of a message id. `NotFound` for an unknown id; `Invalid(args, missing)` if a value that the sentence needs is
    /// not there.
    public func text(_ id: String, _ args: [String: Arg] = [:]) throws -> Spoken { try core.text(id: id, args: args) }

    /// The sentences of a whole screen in one call, in the order asked for. Throws as `text`, for the first that fails.
    public func texts(_ asked: [Said]) throws -> [Spoken] { try core.texts(asked: asked) }

    /// The sentence that says an error to a person. Every error has one in every language.
    public func errorText(_ error: RafiqError) throws -> Spoken { try core.errorText(error: error) }

    /// What stands beside a sentence that is not in the person's language, or that no person has reviewed.
    public func label(_ spoken: Spoken) throws -> Spoken? { try core.label(spoken: spoken) }

    /// A whole number in the language's digits.
    public func number(_ number: Int64) throws -> String { try core.number(number: number) }

    /// The date at `atMs` (Unix ms) in a time zone: an IANA name, or an offset (`+04:30`).
    public func date(atMs: Int64, zone: String, style: DateStyle) throws -> String {
        try core.date(atMs: atMs, zone: zone, style: style)
    }

    /// Date and time of day, to the minute.
    public func dateTime(atMs: Int64, zone: String, style: DateStyle) throws -> String {
        try core.dateTime(atMs: atMs, zone: zone, style: style)
    }

    /// The time of day, to the minute.
    public func time(atMs: Int64, zone: String) throws -> String { try core.time(atMs: atMs, zone: zone) }

    /// A stored ISO day (`2026-11-22`).
    public func day(_ isoDay: String, style: DateStyle) throws -> String { try core.day(isoDay: isoDay, style: style) }

    /// Reads a date that was typed in the language's own calendar, in digits of any script.
    public func parseDate(_ text: String) throws -> EnteredDate { try core.parseDate(text: text) }

    /// The languages that are shipped, in the order of their tags.
    public static func available() throws -> [LanguageInfo] { try availableLanguages() }

    /// A whole number in the digits of any script.
    public static func parseNumber(_ text: String) throws -> Int64 { try RafiqBindings.parseNumber(text: text) }
}

/// A sentence to be said, with its values.
public func said(_ id: String, _ args: [String: Arg] = [:]) -> Said { Said(id: id, args: args) }

extension Feeling {
    /// The message that names it: `feeling-1` (very hard) to `feeling-5` (very good).
    public func textId() throws -> String { try feelingTextId(feeling: self) }
}

extension HelpKind {
    /// The message that names it: `help-emotional`, …
    public func textId() throws -> String { try helpTextId(help: self) }
}

extension WordsState {
    /// The message that stands in place of words that are not here: `words-not-here-yet`, `words-erased`; none if nothing has to.
    public func textId() throws -> String? { try wordsTextId(words: self) }
}

extension ContactWish {
    /// The message that names it: `contact-no`, …
    public func textId() throws -> String { try contactWishTextId(wish: self) }
}

extension ContactKind {
    /// The message that names it: `contact-kind-visit`, …
    public func textId() throws -> String { try contactKindTextId(kind: self) }
}

extension Presence {
    /// The message that names it: `attendance-came`, …
    public func textId() throws -> String { try presenceTextId(presence: self) }
}

extension Damaged {
    /// The message that says it, with the number `at`: `bundle-damaged-cut`, …
    public func textId() throws -> String { try damagedTextId(what: self) }
}
