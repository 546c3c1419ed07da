import Foundation
import Rafiq

/// The first steps: language, name, protection.
public struct SetUpContent: Equatable, Sendable {
    public let step: SetUpStep
    /// "Step 1 of 3".
    public let progress: String
    public let languages: [LanguageChoice]
    public let name: String
    /// The person has twelve words: these are asked for instead of a name.
    public let recovering: Bool
    /// What the word that is being typed may become: all that is typed, with it; and the word itself.
    public let suggestions: [Choice<String>]
    /// That one of the words cannot be right, in a sentence, as soon as it is typed.
    public let misspelt: String?
    /// Whether a passphrase is wanted; null until that was answered.
    public let withPassphrase: Bool?
    /// What is missing is no mistake: the button for the next step waits for it.
    public let canGoOn: Bool
    /// It is being opened, which takes about a second with a passphrase; longer, where what was written comes back.
    public let busy: Bool
    /// The display stays on: what comes back takes its time, and nobody touches anything meanwhile.
    public let staysOn: Bool
    /// In the language that is chosen, as it is chosen.
    public let words: Words
    public let remark: String?
    public internal(set) var notice: String?
}

/// The steps of setting up.
public enum SetUpStep: Sendable, CaseIterable { case language, name, protection }

/// What a person does while setting up.
public enum SetUpEvent: Equatable, Sendable {
    case chooseLanguage(tag: String)
    case enterName(name: String)
    case chooseRecovering(recovering: Bool)
    case enterKit(words: String, relay: String)
    case chooseProtection(withPassphrase: Bool)
    case enterPassphrase(first: String, again: String)
    case next
    case back

    /// Makes the profile; the app is open afterwards.
    case finish
    case dismiss
}

/// The first steps of a person with the app.
public final class SetUpPresenter: Presenter<SetUpContent, SetUpEvent> {
    private let app: AppPresenter
    private var step = SetUpStep.language
    private var words: Words?
    private var name = ""
    private var recovering = false
    private var kit = (words: "", relay: "")
    private var suggestions: [Choice<String>] = []
    private var unknown: (number: Int, word: String)?
    private var withPassphrase: Bool?
    private var passphrase = (first: "", again: "")
    private var busy = false
    private var notice: String?

    public init(app: AppPresenter) {
        self.app = app
        super.init()
        inTurn { [weak self] _ in await self?.show() }
    }

    override func act(_ event: SetUpEvent) async {
        notice = nil
        switch event {
        case .chooseLanguage(let tag): await speak(tag)
        case .enterName(let name): self.name = name
        case .chooseRecovering(let recovering): self.recovering = recovering
        case .enterKit(let words, let relay): await enter(words, relay)
        case .chooseProtection(let withPassphrase): self.withPassphrase = withPassphrase
        case .enterPassphrase(let first, let again): passphrase = (first, again)
        case .next: if canGoOn { await next() }
        case .back: step = step == .protection ? .name : .language
        case .finish: await finish()
        case .dismiss: break
        }
        await show()
    }

    private func next() async {
        // Said here, beside the words, and not after the next question.
        let twelve = kit.words
        if step == .name, recovering { notice = await refusal { try await Recovery.check(words: twelve) } }
        if notice == nil { step = step == .language ? .name : .protection }
    }

    private func enter(_ words: String, _ relay: String) async {
        let isSame = words == kit.words
        kit = (words, relay)
        if isSame { return }
        let typed = TypedWords(words)
        suggestions = []
        unknown = nil
        notice = await refusal {
            self.suggestions = try await typed.suggestions()
            self.unknown = try await typed.unknown()
        }
    }

    /// What the library finds wrong with the words, in a sentence. It is asked without a profile: typing makes none.
    private func refusal(_ ask: @MainActor () async throws -> Void) async -> String? {
        do {
            try await ask()
            return nil
        } catch {
            return words?.error(known(error))
        }
    }

    private func finish() async {
        guard let words, step == .protection, canGoOn else { return }
        let secret = withPassphrase == true ? passphrase.first : nil
        if let secret, secret != passphrase.again {
            notice = await words.say { $0.text("cli-passphrase-differs") }
            return
        }
        busy = true
        await show()
        let done: AppEvent =
            recovering
            ? .recover(words: trimmed(kit.words), relay: trimmed(kit.relay), language: words.tag, passphrase: secret)
            : .setUpDone(name: trimmed(name), language: words.tag, passphrase: secret)
        await app.on(done).value
        busy = false
        switch app.state {
        case .content(let content): notice = content.notice
        case .failed(let sentence, _): notice = sentence
        default: notice = nil
        }
        if notice == nil {
            await enter("", "")
        } else if recovering {
            step = .name  // beside the words, which can be compared there
        }
    }

    private var canGoOn: Bool {
        switch step {
        case .language: true
        case .name:
            recovering
                ? TypedWords(kit.words).isAll && !trimmed(kit.relay).isEmpty
                : !trimmed(name).isEmpty
        case .protection:
            withPassphrase == false || withPassphrase == true && !passphrase.first.isEmpty && !passphrase.again.isEmpty
        }
    }

    /// Another language; where it cannot be opened the words stay as they are.
    private func speak(_ tag: String) async { words = (try? await Words.of(tag)) ?? words }

    private func show() async {
        if words == nil {
            await speak(app.host.deviceLanguage())
            if let found = words, !found.isOwn { await speak(found.spokenIn) }  // a device in a language that is not shipped
        }
        guard let words else { return }
        let steps = SetUpStep.allCases
        let number = (steps.firstIndex(of: step) ?? 0) + 1
        let isTyping = step == .name && recovering
        let wrong = isTyping ? unknown : nil
        let content = await words.say { say in
            SetUpContent(
                step: step, progress: say.text("app-set-up-step", ["step": .count(number), "steps": .count(steps.count)]),
                languages: languageChoices(words.spokenIn), name: name, recovering: recovering,
                suggestions: isTyping ? suggestions : [],
                misspelt: wrong.map { say.text("app-kit-unknown", ["number": .count($0.number), "word": .written($0.word)]) },
                withPassphrase: withPassphrase, canGoOn: canGoOn, busy: busy, staysOn: busy && recovering, words: words,
                remark: say.remark, notice: notice)
        }
        present(.content(content))
    }
}
