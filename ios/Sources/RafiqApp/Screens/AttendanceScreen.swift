import RafiqPresenters
import SwiftUI

/// Who came. Marks are kept when they are saved, all at once.
struct AttendanceScreen: View {
    let presenter: AttendancePresenter
    @Environment(\.labels) private var labels

    var body: some View {
        StateView(presenter.state, title: labels[.attendanceAsk], again: { presenter.on(.refresh) }) { content in
            Page(labels[.attendanceAsk], remark: content.remark, notice: content.notice, dismiss: { presenter.on(.dismiss) }) {
                VStack(alignment: .leading, spacing: Space.tiny) {
                    Text(content.title).font(.strong)
                    Text(content.at).foregroundStyle(Color.softInk)
                    ForEach(content.counts, id: \.self) { Text($0).foregroundStyle(Color.softInk) }
                }
                ForEach(content.people, id: \.person.value, content: card)
            } main: {
                if let unsaved = content.unsaved {  // until then there is nothing to save
                    Text(unsaved).font(.small).foregroundStyle(Color.softInk)
                    MainButton(labels[.save]) { presenter.on(.save) }
                }
            }
        }
    }

    private func card(_ row: AttendanceRow) -> some View {
        Card(row.disputed.isEmpty ? .ordinary : .urgent) {
            Text(row.name).font(.strong).accessibilityAddTraits(.isHeader)
            if !row.disputed.isEmpty {
                VStack(alignment: .leading, spacing: Space.tiny) {
                    Text(labels[.markedDifferently])
                    Text(row.disputed.joined(separator: " · ")).font(.strong)
                }
            }
            ChoiceChips(row.marks, isOpen: !row.disputed.isEmpty) { presenter.on(.mark(person: row.person, presence: $0)) }
        }
    }
}

#if DEBUG
struct AttendanceScreenPreviews: PreviewProvider {
    static var previews: some View { everyWall { PreviewApp(.attendance, in: $0) } }
}
#endif
