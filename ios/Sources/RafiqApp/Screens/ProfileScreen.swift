import RafiqPresenters
import SwiftUI

/// Oneself, and this phone.
struct ProfileScreen: View {
    let presenter: ProfilePresenter
    @State private var name = ""
    @Environment(\.way) private var way
    @Environment(\.labels) private var labels

    var body: some View {
        StateView(presenter.state, title: labels[.profile], again: { presenter.on(.dismiss) }) { content in
            Page(labels[.profile], remark: content.remark, notice: content.notice, dismiss: { presenter.on(.dismiss) }) {
                VStack(alignment: .leading, spacing: Space.small) {
                    Field(labels[.name], text: $name, about: labels[.nameAbout], kind: .name)
                    SideButton(labels[.rename], .done, enabled: !name.isEmpty && name != content.name) {
                        presenter.on(.rename(name: name))
                    }
                }
                .onAppear { name = content.name }
                LanguageList(content.languages, under: labels[.language]) { presenter.on(.chooseLanguage(tag: $0)) }
                ChoiceList(content.calendars, under: labels[.calendar]) { presenter.on(.chooseCalendar(calendar: $0)) }
                Card { Row(labels[.kit]) { way?.open(.kit) } }
                Card { Row(labels[.exchangeTitle]) { way?.open(.sync) } }
                Part(labels[.passphrase]) {
                    Text(content.protection)
                    if content.busy { Busy(labels[.loading]) }
                    Foldout(labels[.passphraseChange], .lock) { close in
                        PassphraseForm(hasPassphrase: content.hasPassphrase) {
                            presenter.on($0)
                            close()
                        }
                    }
                }
                AskFirstButton(labels[.wipe], question: labels[.wipeAsk], yes: labels[.wipeYes]) {
                    presenter.on(.wipe(confirmed: true))
                }
            } main: {
                if content.hasPassphrase { MainButton(labels[.lock]) { presenter.on(.lock) } }
            }
        }
    }
}

/// The passphrase until now, and the new one twice; an empty one takes it away.
private struct PassphraseForm: View {
    let hasPassphrase: Bool
    let send: @MainActor (ProfileEvent) -> Void
    @State private var old = ""
    @State private var new = ""
    @State private var again = ""
    @Environment(\.labels) private var labels

    var body: some View {
        Text(labels[.protectionAbout]).font(.small).foregroundStyle(Color.softInk)
        if hasPassphrase { Field(labels[.passphraseOld], text: $old, kind: .secret) }
        Field(labels[.passphraseNew], text: $new, kind: .secret)
        Field(labels[.passphraseAgain], text: $again, kind: .secret)
        SideButton(labels[.save], .done, enabled: hasPassphrase ? !old.isEmpty : !new.isEmpty) {
            send(.changePassphrase(old: old, new: new, again: again))
        }
    }
}

#if DEBUG
struct ProfileScreenPreviews: PreviewProvider {
    static var previews: some View { everyWall { PreviewApp(.place(.profile), in: $0) } }
}
#endif
