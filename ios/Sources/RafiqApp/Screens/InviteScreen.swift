import Foundation
import RafiqPresenters
import SwiftUI

/// Inviting into one space, and letting in.
struct InviteScreen: View {
    let presenter: InvitePresenter
    @Environment(\.labels) private var labels

    var body: some View {
        StateView(presenter.state, title: labels[.inviteTitle], again: { presenter.on(.refresh) }) { content in
            Page(labels[.inviteTitle], remark: content.remark, notice: content.notice, dismiss: { presenter.on(.dismiss) }) {
                // Whoever has just made a code shows it: it stands first then, so that nobody has to scroll with two phones in
                // their hands.
                if let text = content.text {
                    QrCode(text, label: labels[.inviteCode])
                    Text(content.title).font(.strong)
                    if let ends = content.ends { Text(ends) }
                    SideButton(labels[.copy]) { Clipboard.copy(text) }
                } else {
                    Text(content.title).font(.strong)
                    if !content.requests.isEmpty { requests(content) }
                }
                ChoiceList(content.reaches, under: labels[.inviteAsk]) { presenter.on(.make(reach: $0)) }
                Text(content.about).font(.small).foregroundStyle(Color.softInk)
                if content.text != nil, !content.requests.isEmpty { requests(content) }
            } main: {
                if let text = content.text {
                    ShareLink(item: text) {
                        Text(labels[.send])
                            .font(.strong)
                            .frame(maxWidth: .infinity, minHeight: Space.touch)
                            .foregroundStyle(Color.onTeal)
                            .background(Color.deepTeal, in: .softened)
                    }
                }
            }
            .id(content.text == nil)  // begins at its top
        }
    }

    private func requests(_ content: InviteContent) -> some View {
        Part(labels[.requestsTitle]) {
            Text(labels[.lookFirst])
            ForEach(content.requests, id: \.request.value) { row in
                Card {
                    Row(row.text, lines: [row.at])
                    SideButton(labels[.admit], .done) { presenter.on(.admit(request: row.request)) }.accessibilityHint(row.text)
                    SideButton(labels[.decline]) { presenter.on(.decline(request: row.request)) }.accessibilityHint(row.text)
                }
            }
        }
    }
}

#if DEBUG
struct InviteScreenPreviews: PreviewProvider {
    static var previews: some View { everyWall { PreviewApp(.invite, in: $0) } }
}
#endif
