import RafiqPresenters
import SwiftUI

/// Looks for services in all directories, on this phone alone.
struct SearchScreen: View {
    let presenter: SearchPresenter
    @State private var words = ""
    @Environment(\.way) private var way
    @Environment(\.labels) private var labels

    var body: some View {
        StateView(presenter.state, title: labels[.tabDirectory], way: join, again: { presenter.on(.refresh) }) { content in
            Page(labels[.tabDirectory], remark: content.remark, notice: content.notice, dismiss: { presenter.on(.dismiss) }) {
                HStack(alignment: .bottom, spacing: Space.small) {
                    Field(labels[.search], text: $words)
                        .submitLabel(.search)
                        .onAppear { words = content.query }
                        .onChange(of: words) { _, new in presenter.on(.search(text: new)) }
                    if !words.isEmpty { PictogramButton(.close, labels[.clear]) { words = "" } }
                }
                if let count = content.count { Text(count).foregroundStyle(Color.softInk) }
                if content.searching { Busy(labels[.loading]) }
                ForEach(Array(content.hits.enumerated()), id: \.offset) { hit($0.element) }
                if content.hasMore { SideButton(labels[.more], .more) { presenter.on(.more) } }
                if !content.directories.isEmpty {
                    Part(labels[.directories]) {
                        Card { Rows(content.directories) { Row($0.name, lines: [$0.services]) } }
                    }
                }
                SideButton(labels[.join], .code) { way?.open(.join) }
            }
        }
    }

    private var join: (text: String, go: @MainActor () -> Void) { (labels[.join], { way?.open(.join) }) }

    private func hit(_ row: HitRow) -> some View {
        Card(row.tone) {
            Row(row.name, lines: [row.organization, row.city, row.closed ?? "", row.freshness], tone: row.tone) {
                way?.open(row.leadsTo)
            }
        }
    }
}

#if DEBUG
struct SearchScreenPreviews: PreviewProvider {
    static var previews: some View { everyWall { PreviewApp(.place(.search), in: $0) } }
}
#endif
