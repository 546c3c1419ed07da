import RafiqPresenters
import SwiftUI

/// How exchanging stands.
struct SyncScreen: View {
    let presenter: SyncPresenter
    @State private var relay = ""
    @Environment(\.labels) private var labels

    var body: some View {
        StateView(presenter.state, title: labels[.exchangeTitle], again: { presenter.on(.refresh) }) { content in
            Page(labels[.exchangeTitle], remark: content.remark, notice: content.notice, dismiss: { presenter.on(.dismiss) }) {
                Card {
                    Row(content.last, lines: [content.waiting, content.bytes ?? ""])
                    ForEach(content.waitingFor, id: \.self) { Quiet($0, pictogram: .phone) }
                }
                ForEach(content.progress, id: \.self) { Text($0).font(.small).foregroundStyle(Color.softInk) }
                if let unmetered = content.unmetered { Quiet(unmetered, pictogram: .exchange) }
                if !content.metered.isEmpty {
                    ChoiceList(content.metered, under: labels[.meteredAsk]) { presenter.on(.setMetered(choice: $0)) }
                }
                if let none = content.noRelay { Quiet(none, pictogram: .exchange) }
                Part(labels[.relay]) {
                    Text(labels[.relayAbout]).font(.small).foregroundStyle(Color.softInk)
                    Field(labels[.relayAddress], text: $relay, kind: .address, submit: setRelay)
                    SideButton(labels[.save], .done, enabled: relay != content.relay, action: setRelay)
                }
                .onAppear { relay = content.relay }
                if !content.work.isEmpty || !content.held.isEmpty || !content.unread.isEmpty {
                    Part(labels[.heldTitle]) {
                        // A question that is open must not become one about somebody else when a row comes or goes.
                        ForEach(content.work, id: \.key) { work($0) }
                        ForEach(content.unread, id: \.self) { Quiet($0, pictogram: .alert) }
                        if !content.held.isEmpty {
                            Card { Rows(content.held) { Row($0.text, lines: [$0.at, $0.reason]) } }
                        }
                    }
                }
            } main: {
                if content.running {
                    Busy(labels[.exchanging])
                } else {
                    MainButton(labels[.exchangeNow]) { presenter.on(.exchangeNow) }
                }
            }
        }
    }

    private func work(_ row: WorkRow) -> some View {
        Card {
            Row(row.text, lines: [row.title, row.at])
            Text(row.about).font(.small).foregroundStyle(Color.softInk)
            if row.canKeep {
                AskFirstButton(labels[.keep], question: labels[.keepAsk], yes: labels[.keep], of: row.text) {
                    presenter.on(.keep(space: row.space, person: row.person))
                }
            }
        }
    }

    private func setRelay() { presenter.on(.setRelay(url: relay)) }
}

#if DEBUG
struct SyncScreenPreviews: PreviewProvider {
    static var previews: some View { everyWall { PreviewApp(.place(.sync), in: $0) } }
}
#endif
