import RafiqPresenters
import SwiftUI

/// The profile cannot be opened: why, and what can be done.
struct TroubleScreen: View {
    let app: AppPresenter
    let content: AppContent
    @State private var passphrase = ""
    @Environment(\.labels) private var labels

    var body: some View {
        Page(labels[.troubleTitle], remark: content.words.remark, notice: content.notice, dismiss: { app.on(.dismiss) }) {
            Card { Quiet(sentence, pictogram: .alert) }
            if case .damaged(_, let needsPassphrase) = content.at {
                Text(labels[.setAsideAbout])
                if needsPassphrase { Field(labels[.passphrase], text: $passphrase, kind: .secret) }
                SideButton(labels[.setAside]) { app.on(.setAside(passphrase: passphrase.isEmpty ? nil : passphrase)) }
            }
        } main: {
            MainButton(labels[.tryAgain]) { app.on(.start) }
        }
    }

    private var sentence: String {
        switch content.at {
        case .damaged(let sentence, _), .keyLost(let sentence), .newerVersion(let sentence), .inUse(let sentence): sentence
        case .setUp, .locked, .open: ""
        }
    }
}

#if DEBUG
struct TroubleScreenPreviews: PreviewProvider {
    static var previews: some View { everyWall { PreviewApp(.damaged, in: $0) } }
}
#endif
