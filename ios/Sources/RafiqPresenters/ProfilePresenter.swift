import Foundation
import Rafiq

/// Oneself, and this phone.
public struct ProfileContent: Equatable, Sendable {
    public let name: String
    public let languages: [LanguageChoice]
    /// By CLDR name; null is the language's usual one.
    public let calendars: [Choice<String?>]
    public let hasPassphrase: Bool
    /// Whether a passphrase protects it, in a sentence.
    public let protection: String
    /// A passphrase is being changed, which takes about two seconds.
    public let busy: Bool
    public let remark: String?
    public internal(set) var notice: String?
}

/// What a person changes about oneself and this phone.
public enum ProfileEvent: Equatable, Sendable {
    case rename(name: String)

    /// The app goes on in a new session, in this language.
    case chooseLanguage(tag: String)
    case chooseCalendar(calendar: String?)

    /// `old` is empty where there was none; `new` is empty to have none.
    case changePassphrase(old: String, new: String, again: String)
    case lock

    /// Deletes everything; only when `confirmed`.
    case wipe(confirmed: Bool)
    case dismiss
}

/// Oneself, and how this phone keeps it.
public final class ProfilePresenter: SessionPresenter<ProfileContent, ProfileEvent> {
    private let app: AppPresenter
    private var busy = false

    override public init(session: Session) {
        app = session.keeper
        super.init(session: session)
    }

    override func look() async throws -> UiState<ProfileContent> {
        let me = try await me()
        return await session.words.say { say in
            .content(
                ProfileContent(
                    name: me.name,
                    languages: languageChoices(session.words.spokenIn),
                    calendars: Self.calendars.map { Choice($0.calendar, say.text($0.word), $0.calendar == me.calendar) },
                    hasPassphrase: app.hasPassphrase,
                    protection: say.text(app.hasPassphrase ? "app-passphrase-set" : "app-passphrase-none"),
                    busy: busy,
                    remark: say.remark,
                    notice: notice))
        }
    }

    override func perform(_ event: ProfileEvent) async throws {
        switch event {
        case .rename(let name):
            let me = try await me()
            let new = NewMe(name: trimmed(name), language: me.language, calendar: me.calendar)
            _ = try await session.ask { try await $0.people.setMe(new) }
            notice = await session.words.say { $0.text("app-saved") }
        case .chooseLanguage(let tag):
            let me = try await me()
            try await goOn(NewMe(name: me.name, language: tag, calendar: me.calendar))
        case .chooseCalendar(let calendar):
            let me = try await me()
            try await goOn(NewMe(name: me.name, language: me.language, calendar: calendar))
        case .changePassphrase(let old, let new, let again): try await change(old, new, again)
        // It waits for all the others: also for those of this screen, which have their turn meanwhile.
        case .lock: await aside { await work.aside { await app.on(.lock).value } }
        case .wipe(let confirmed):
            if confirmed { try await aside { try await work.aside { try await app.wipe() } } }
        case .dismiss: break
        }
    }

    override func noted(_ content: ProfileContent, _ notice: String?) -> ProfileContent { with(content) { $0.notice = notice } }

    private func goOn(_ new: NewMe) async throws {
        let me = try await session.ask { try await $0.people.setMe(new) }
        try await aside { try await app.goOn(session, me) }
    }

    private func change(_ old: String, _ new: String, _ again: String) async throws {
        if new != again {
            notice = await session.words.say { $0.text("cli-passphrase-differs") }
            return
        }
        busy = true
        defer { busy = false }
        await show()
        try await aside { try await app.changePassphrase(nonempty(old), nonempty(new)) }
        notice = await session.words.say { $0.text(new.isEmpty ? "app-passphrase-removed" : "app-passphrase-changed") }
    }

    private func me() async throws -> Me {
        guard let me = try await session.ask({ try await $0.people.me() }) else { throw RafiqError.NotFound }
        return me
    }

    /// By their CLDR names.
    private static let calendars: [(calendar: String?, word: String)] = [
        (nil, "app-calendar-usual"), ("gregory", "app-calendar-gregorian"), ("persian", "app-calendar-solar-hijri"),
    ]
}
