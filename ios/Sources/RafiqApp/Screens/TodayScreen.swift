import RafiqPresenters
import SwiftUI

/// What is due now.
struct TodayScreen: View {
    let presenter: TodayPresenter
    @Environment(\.way) private var way
    @Environment(\.labels) private var labels

    var body: some View {
        StateView(presenter.state, title: labels[.tabToday], again: { presenter.on(.refresh) }) { content in
            Page(content.date, remark: content.remark, notice: content.notice, dismiss: { presenter.on(.dismiss) }) {
                ForEach(content.alerts, id: \.alert.value, content: alert)
                ForEach(Array(content.requests.enumerated()), id: \.offset) { waiting($0.element) }
                if let nothing = content.nothing { Quiet(nothing) }
                ForEach(content.due, id: \.id, content: due)
                Row(content.sync) { way?.open(.sync) }
            } main: {
                MainButton(labels[.checkInTell]) { way?.open(.checkIn) }
            }
        }
    }

    private func alert(_ row: AlertRow) -> some View {
        Card(.urgent) {
            Row(row.text, lines: [row.at, row.unconfirmed ?? ""], tone: .urgent, open: opening(row.leadsTo))
            SideButton(labels[.settle], .done) { presenter.on(.settle(alert: row.alert)) }
        }
    }

    private func waiting(_ row: WaitingRow) -> some View {
        Card { Row(row.title, words: row.text) { way?.open(row.leadsTo) } }
    }

    private func due(_ row: DueRow) -> some View {
        Card(row.tone) {
            Row(
                row.title ?? row.text, words: row.title.map { _ in row.text }, lines: row.details, tone: row.tone,
                open: opening(row.leadsTo))
            if let done = row.completes {
                SideButton(labels[.done], .done) { presenter.on(done) }
            }
        }
    }

    private func opening(_ place: Place?) -> (@MainActor () -> Void)? {
        guard let place else { return nil }
        return { way?.open(place) }
    }
}

#if DEBUG
struct TodayScreenPreviews: PreviewProvider {
    static var previews: some View { everyWall { PreviewApp(.place(.today), in: $0) } }
}
#endif
