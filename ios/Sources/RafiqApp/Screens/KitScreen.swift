import RafiqPresenters
import SwiftUI

/// Twelve words on paper, for the day on which the phone is gone.
struct KitScreen: View {
    let presenter: KitPresenter
    @State private var first = ""
    @State private var second = ""
    @Environment(\.way) private var way
    @Environment(\.labels) private var labels

    var body: some View {
        StateView(presenter.state, title: labels[.kit], again: { presenter.on(.refresh) }) { content in
            Page(
                title(content.step), remark: content.remark, notice: content.notice, dismiss: { presenter.on(.dismiss) },
                stepBack: content.step != .about ? { presenter.on(.back) } : nil
            ) {
                switch content.step {
                case .about: about(content)
                case .again:
                    Text(labels[.kitAgainAsk])
                    SideButton(labels[.cancel]) { presenter.on(.back) }
                case .words: words(content)
                case .check: check(content)
                case .leave:
                    Text(labels[.kitLeaveAbout])
                    SideButton(labels[.kitLeaveYes]) { presenter.on(.leave) }
                }
            } main: {
                switch content.step {
                case .about:
                    if content.waits {
                        MainButton(labels[.exchangeTitle]) { way?.open(.sync) }
                    } else if content.made == nil {
                        MainButton(labels[.kitMake]) { presenter.on(.make) }
                    }
                case .again: MainButton(labels[.kitAgain]) { presenter.on(.makeOthers) }
                case .words: MainButton(labels[.kitWritten]) { presenter.on(.written) }
                case .check: MainButton(labels[.kitCompare], enabled: content.canCheck) { presenter.on(.check) }
                case .leave: MainButton(labels[.kitLook]) { presenter.on(.back) }
                }
            }
            .id(content.step)  // each begins at its top
            .staysOn(content.staysOn)
            .onChange(of: content.step) { _, step in
                if step == .about { (first, second) = ("", "") }  // the next words are other ones
            }
        }
    }

    private func title(_ step: KitStep) -> String {
        switch step {
        case .about, .words: labels[.kit]
        case .again: labels[.kitAgain]
        case .check: labels[.kitCheck]
        case .leave: labels[.kitLeave]
        }
    }

    /// What is on the paper comes first: whether it serves, or what is missing for that.
    @ViewBuilder private func about(_ content: KitContent) -> some View {
        if let missing = content.missing { Text(missing).font(.strong) }
        if let made = content.made {
            Card {
                VStack(alignment: .leading, spacing: Space.tiny) {
                    Text(made).font(.strong)
                    if let standing = content.standing { Text(standing) }
                }
            }
        }
        Text(labels[.kitAbout])
        Text(labels[.kitKeep])
        if content.made != nil { SideButton(labels[.kitAgain]) { presenter.on(.make) } }
    }

    /// What is to be copied: the address, and the words in their order. That some of twelve are further down shows by their numbers; an
    /// address below them would be missed where letters are large.
    @ViewBuilder private func words(_ content: KitContent) -> some View {
        Text(labels[.kitWrite])
        if let relay = content.relay {
            VStack(alignment: .leading, spacing: Space.tiny) {
                Text(labels[.relayAddress]).font(.small).foregroundStyle(Color.softInk)
                Text(relay).font(.strong)
            }
        }
        Card {
            VStack(alignment: .leading, spacing: Space.tiny) {
                ForEach(content.words, id: \.self) { Text($0).font(.strong) }
            }
        }
        Text(labels[.kitKeep]).font(.small).foregroundStyle(Color.softInk)
    }

    /// Where what stands on the paper is typed.
    @ViewBuilder private func check(_ content: KitContent) -> some View {
        Text(labels[.kitCheckAbout])
        Field(content.asked.first ?? "", text: $first, kind: .copied) { presenter.on(.check) }
        Field(content.asked.last ?? "", text: $second, kind: .copied) { presenter.on(.check) }
            .onChange(of: [first, second]) { _, new in presenter.on(.enterWords(first: new[0], second: new[1])) }
        SideButton(labels[.kitLook]) { presenter.on(.back) }
    }
}

#if DEBUG
struct KitScreenPreviews: PreviewProvider {
    static var previews: some View { everyWall { PreviewApp(.place(.kit), in: $0) } }
}
#endif
