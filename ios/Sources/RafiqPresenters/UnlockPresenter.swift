import Foundation
import Rafiq

/// The question for the passphrase, in the language last used.
public struct UnlockContent: Equatable, Sendable {
    public let question: String
    /// The passphrase was not right, in a sentence.
    public let wrong: String?
    /// It is being tried, which takes about a second.
    public let busy: Bool
    public let words: Words
    public let remark: String?
}

/// What a person does to open.
public enum UnlockEvent: Equatable, Sendable {
    case enter(passphrase: String)
}

/// Opens what a passphrase protects.
public final class UnlockPresenter: Presenter<UnlockContent, UnlockEvent> {
    private let app: AppPresenter

    public init(app: AppPresenter) {
        self.app = app
        super.init()
        inTurn { [weak self] _ in await self?.show(busy: false) }
    }

    override func act(_ event: UnlockEvent) async {
        switch event {
        case .enter(let passphrase):
            if passphrase.isEmpty { return }
            await show(busy: true)
            await app.on(.unlock(passphrase: passphrase)).value
            await show(busy: false)
        }
    }

    private func show(busy: Bool) async {
        guard let found = app.state.content else { return }
        let content = await found.words.say { say in
            UnlockContent(
                question: say.text("error-locked"), wrong: busy ? nil : found.notice, busy: busy, words: found.words,
                remark: say.remark)
        }
        present(.content(content))
    }
}
