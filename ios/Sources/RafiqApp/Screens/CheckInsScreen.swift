import RafiqPresenters
import SwiftUI

/// One's own check-ins and those shared with one.
struct CheckInsScreen: View {
    let presenter: CheckInsPresenter
    @Environment(\.way) private var way
    @Environment(\.labels) private var labels

    var body: some View {
        StateView(presenter.state, title: labels[.checkInsTitle], way: write, again: { presenter.on(.refresh) }) { content in
            Page(labels[.checkInsTitle], remark: content.remark, notice: content.notice, dismiss: { presenter.on(.dismiss) }) {
                ForEach(content.checkIns, id: \.id.value, content: card)
                if content.hasMore { SideButton(labels[.more], .more) { presenter.on(.more) } }
            }
        }
    }

    private var write: (text: String, go: @MainActor () -> Void) { (labels[.checkInTell], { way?.open(.checkIn) }) }

    private func card(_ row: CheckInRow) -> some View {
        Card {
            HStack(alignment: .top, spacing: Space.middle) {
                Face(row.feeling)
                VStack(alignment: .leading, spacing: Space.tiny) {
                    Text(row.feelingText).font(.strong)
                    Text(row.name).font(.small).foregroundStyle(Color.softInk)
                    Text(row.at).font(.small).foregroundStyle(Color.softInk)
                }
            }
            .accessibilityElement(children: .combine)
            if !row.note.isEmpty { Text(row.note) }
            ForEach(row.helps, id: \.self) { Text($0) }
            Quiet(row.contact, pictogram: .phone)
            Text(row.seenBy).font(.small).foregroundStyle(Color.softInk)
            ForEach(row.receipt, id: \.self) { Text($0).font(.small).foregroundStyle(Color.softInk) }
            if let question = row.eraseAsk {
                let erase = labels[row.isMine ? .eraseWords : .eraseTheirs]
                AskFirstButton(erase, question: question, yes: erase, of: row.name + ", " + row.at) {
                    presenter.on(.eraseWords(id: row.id))
                }
            }
            if let question = row.retractAsk {
                AskFirstButton(labels[.takeBack], question: question, yes: labels[.takeBack], of: row.at) {
                    presenter.on(.retract(id: row.id))
                }
            }
        }
    }
}

#if DEBUG
struct CheckInsScreenPreviews: PreviewProvider {
    static var previews: some View { everyWall { PreviewApp(.place(.checkIns), in: $0) } }
}
#endif
