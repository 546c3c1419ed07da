import RafiqPresenters
import SwiftUI

/// The first steps: language, name, protection.
struct SetUpScreen: View {
    let presenter: SetUpPresenter

    var body: some View {
        StateView(presenter.state, title: "") { content in
            SetUpSteps(content: content, send: { presenter.on($0) }).speaking(content.words)
        }
    }
}

private struct SetUpSteps: View {
    let content: SetUpContent
    let send: @MainActor (SetUpEvent) -> Void
    @State private var name = ""
    @State private var twelve = ""
    @State private var relay = ""
    @State private var first = ""
    @State private var again = ""
    @Environment(\.labels) private var labels

    var body: some View {
        Page(
            title, remark: content.remark, notice: content.notice, dismiss: { send(.dismiss) },
            stepBack: content.step != .language ? { send(.back) } : nil
        ) {
            Text(content.progress).font(.small).foregroundStyle(Color.softInk)
            switch content.step {
            case .language:
                Text(labels[.welcomeAbout])
                LanguageList(content.languages, under: labels[.setUpLanguage]) { send(.chooseLanguage(tag: $0)) }
            case .name where content.recovering: kit
            case .name:
                Field(labels[.name], text: $name, about: labels[.nameAbout], kind: .name) { send(.next) }
                    .onChange(of: name) { _, new in send(.enterName(name: new)) }
                SideButton(labels[.kitHave]) { send(.chooseRecovering(recovering: true)) }
            case .protection: protection
            }
        } main: {
            // Here and not below the field, where the keyboard could lie over them.
            if let misspelt = content.misspelt {
                Text(misspelt)
                    .font(.strong)
                    .frame(maxWidth: .infinity, alignment: .leading)
                    .onChange(of: misspelt, initial: true) { _, said in announce(said) }
            }
            if !content.suggestions.isEmpty { ChoiceChips(content.suggestions, proposed: true) { twelve = $0 } }
            if content.busy {
                Busy(labels[.opening])
            } else if content.step == .protection {
                MainButton(labels[.begin], enabled: content.canGoOn) { send(.finish) }
            } else {
                MainButton(labels[.next], enabled: content.canGoOn) { send(.next) }
            }
        }
        .id(content.step)  // each step begins at its top
        .staysOn(content.staysOn)
        .onAppear { name = content.name }
    }

    private var title: String {
        switch content.step {
        case .language: labels[.welcome]
        case .name: labels[content.recovering ? .kitEnter : .setUpName]
        case .protection: labels[.setUpProtection]
        }
    }

    /// The words of a phone that is gone, instead of a name.
    @ViewBuilder private var kit: some View {
        Field(labels[.kitWords], text: $twelve, about: labels[.kitEnterAbout], lines: 3, kind: .copied)
        Field(labels[.relayAddress], text: $relay, about: labels[.kitRelayAbout], kind: .address)
            .onChange(of: [twelve, relay]) { _, new in send(.enterKit(words: new[0], relay: new[1])) }
        SideButton(labels[.kitHaveNot]) { send(.chooseRecovering(recovering: false)) }
    }

    @ViewBuilder private var protection: some View {
        Text(labels[.protectionAbout])
        ChoiceRow(labels[.withPassphrase], chosen: content.withPassphrase == true) { send(.chooseProtection(withPassphrase: true)) }
        ChoiceRow(labels[.withoutPassphrase], chosen: content.withPassphrase == false) {
            send(.chooseProtection(withPassphrase: false))
        }
        if content.withPassphrase == true {
            Field(labels[.passphrase], text: $first, kind: .secret)
            Field(labels[.passphraseAgain], text: $again, kind: .secret) { send(.finish) }
                .onChange(of: [first, again]) { _, new in send(.enterPassphrase(first: new[0], again: new[1])) }
        }
    }
}

#if DEBUG
struct SetUpScreenPreviews: PreviewProvider {
    static var previews: some View { everyWall { PreviewApp(.setUp, in: $0) } }
}
#endif
