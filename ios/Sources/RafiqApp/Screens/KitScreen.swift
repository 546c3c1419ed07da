import RafiqPresenters
import SwiftUI

/// Twelve words on paper, for the day on which the phone is gone.
struct KitScreen: View {
    let presenter: KitPresenter
    @Environment(\.way) private var way
    @Environment(\.labels) private var labels

    var body: some View {
        StateView(presenter.state, title: labels[.kit], again: { presenter.on(.refresh) }) { content in
            Page(labels[.kit], remark: content.remark, notice: content.notice, dismiss: { presenter.on(.dismiss) }) {
                if content.words.isEmpty { about(content) } else { words(content) }
            } main: {
                if !content.words.isEmpty {
                    MainButton(labels[.kitWritten]) { presenter.on(.written) }
                } else if content.waits {
                    MainButton(labels[.exchangeTitle]) { way?.open(.sync) }
                } else if content.made == nil {
                    MainButton(labels[.kitMake]) { presenter.on(.make) }
                }
            }
            .id(content.words.isEmpty)  // each begins at its top
        }
    }

    /// What is to be copied: the words in their order, and the address.
    @ViewBuilder private func words(_ content: KitContent) -> some View {
        Text(labels[.kitWrite])
        Card {
            VStack(alignment: .leading, spacing: Space.tiny) {
                ForEach(content.words, id: \.self) { Text($0).font(.strong) }
            }
        }
        if let relay = content.relay {
            VStack(alignment: .leading, spacing: Space.tiny) {
                Text(labels[.relayAddress]).font(.small).foregroundStyle(Color.softInk)
                Text(relay).font(.strong)
            }
        }
        Text(labels[.kitKeep]).font(.small).foregroundStyle(Color.softInk)
    }

    @ViewBuilder private func about(_ content: KitContent) -> some View {
        Text(labels[.kitAbout])
        Text(labels[.kitKeep])
        if let missing = content.missing { Text(missing).font(.strong) }
        if let made = content.made {
            Card {
                VStack(alignment: .leading, spacing: Space.tiny) {
                    Text(made).font(.strong)
                    if let standing = content.standing { Text(standing) }
                }
            }
            AskFirstButton(labels[.kitAgain], question: labels[.kitAgainAsk], yes: labels[.kitAgain]) { presenter.on(.make) }
        }
    }
}

#if DEBUG
struct KitScreenPreviews: PreviewProvider {
    static var previews: some View { everyWall { PreviewApp(.place(.kit), in: $0) } }
}
#endif
