import RafiqPresenters
import SwiftUI

/// The question for the passphrase.
struct UnlockScreen: View {
    let presenter: UnlockPresenter

    var body: some View {
        StateView(presenter.state, title: "") { content in
            UnlockForm(content: content, send: { presenter.on($0) }).speaking(content.words)
        }
    }
}

private struct UnlockForm: View {
    let content: UnlockContent
    let send: @MainActor (UnlockEvent) -> Void
    @State private var passphrase = ""
    @Environment(\.labels) private var labels

    var body: some View {
        Page(labels[.unlockTitle], remark: content.remark) {
            Text(content.question)
            Field(labels[.passphrase], text: $passphrase, kind: .secret, submit: enter)
            if let wrong = content.wrong {
                Quiet(wrong, pictogram: .alert).onAppear { announce(wrong) }
            }
        } main: {
            if content.busy {
                Busy(labels[.opening])
            } else {
                MainButton(labels[.unlock], enabled: !passphrase.isEmpty, action: enter)
            }
        }
    }

    private func enter() {
        send(.enter(passphrase: passphrase))
        passphrase = ""
    }
}

#if DEBUG
struct UnlockScreenPreviews: PreviewProvider {
    static var previews: some View { everyWall { PreviewApp(.locked, in: $0) } }
}
#endif
