import RafiqPresenters
import SwiftUI

/// Joining with an invitation: scanned or pasted, read, and answered when the person says so.
struct JoinScreen: View {
    let presenter: JoinPresenter
    @State private var text = ""
    @State private var isScanning = false
    @Environment(\.way) private var way
    @Environment(\.labels) private var labels

    var body: some View {
        StateView(presenter.state, title: labels[.join], again: { presenter.on(.dismiss) }) { content in
            Page(labels[.join], remark: content.remark, notice: content.notice, dismiss: { presenter.on(.dismiss) }) {
                if let done = content.done {
                    Card { Quiet(done, pictogram: .done) }.onAppear { announce(done) }
                } else if let offer = content.offer {
                    Card {
                        Text(offer).font(.strong)
                        if let relay = content.relay { Text(relay).font(.small).foregroundStyle(Color.softInk) }
                    }
                    SideButton(labels[.cancel]) {
                        text = ""
                        presenter.on(.cancel)
                    }
                } else {
                    scan
                    Field(labels[.inviteText], text: $text, lines: 3, kind: .address) { read(text) }
                }
            } main: {
                if content.done != nil {
                    MainButton(labels[.close]) { way?.open(.together) }
                } else if content.offer != nil {
                    MainButton(labels[.accept], enabled: content.canAccept) { presenter.on(.accept) }
                } else {
                    MainButton(labels[.next], enabled: !text.isEmpty) { read(text) }
                }
            }
            .onAppear { text = content.text }
        }
        .sheet(isPresented: $isScanning) {
            ScannerSheet(labels: labels) { found in
                isScanning = false
                text = found
                read(found)
            }
        }
    }

    @ViewBuilder private var scan: some View {
        if CodeScanner.isRefused {
            Quiet(labels.platform("platform-camera-refused"), pictogram: .code)
        } else if CodeScanner.isPossible {
            SideButton(labels[.scan], .code) { isScanning = true }
        }
    }

    private func read(_ text: String) { presenter.on(.read(text: text)) }
}

#if DEBUG
struct JoinScreenPreviews: PreviewProvider {
    static var previews: some View { everyWall { PreviewApp(.place(.join), in: $0) } }
}
#endif
