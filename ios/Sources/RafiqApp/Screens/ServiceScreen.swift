import Foundation
import Rafiq
import RafiqPresenters
import SwiftUI

/// Everything a person needs of one service.
struct ServiceScreen: View {
    let presenter: ServicePresenter
    /// The phone has no app for what was touched.
    @State private var hasNoApp = false
    @Environment(\.labels) private var labels
    @Environment(\.openURL) private var openURL

    var body: some View {
        StateView(presenter.state, title: labels[.tabDirectory], again: { presenter.on(.refresh) }) { content in
            Page(content.name, remark: content.remark, notice: content.notice, dismiss: { presenter.on(.dismiss) }) {
                VStack(alignment: .leading, spacing: Space.tiny) {
                    Text(content.organization).font(.strong)
                    Text(content.freshness).font(.small).foregroundStyle(content.tone == .urgent ? Color.amber : Color.softInk)
                }
                if content.closed != nil || content.alert != nil { closed(content) }
                description(content)
                if hasNoApp { Quiet(labels.platform("platform-no-app"), pictogram: .alert) }
                lines(content)
                addresses(content)
                Foldout(labels[.reportAsk], .alert) { close in
                    ReportForm(reports: content.reports) {
                        presenter.on($0)
                        close()
                    }
                }
            } main: {
                if let phone = content.main {
                    MainButton(phone.call) { call(phone.dial) }
                }
            }
        }
    }

    private func closed(_ content: ServiceContent) -> some View {
        Card(.urgent) {
            VStack(alignment: .leading, spacing: Space.tiny) {
                if let closed = content.closed { Text(closed).font(.strong).accessibilityAddTraits(.isHeader) }
                if let alert = content.alert { Text(alert) }
            }
        }
    }

    @ViewBuilder private func description(_ content: ServiceContent) -> some View {
        Text(content.description).textSelection(.enabled)
        if let said = content.descriptionRemark { Text(said).font(.small).foregroundStyle(Color.softInk) }
    }

    @ViewBuilder private func lines(_ content: ServiceContent) -> some View {
        if !content.phones.isEmpty {
            Part(labels[.phones]) {
                Card {
                    Rows(content.phones) { phone in
                        Row(phone.number, lines: [phone.description], open: calling(phone))
                            .accessibilityLabel(phone.call)
                    }
                }
            }
        }
        part(labels[.hours], [content.hours])
        part(labels[.places], content.places)
        ForEach(Array(content.sections.enumerated()), id: \.offset) { part($0.element.title, [$0.element.lines]) }
        part(labels[.languages], [content.languages])
    }

    @ViewBuilder private func addresses(_ content: ServiceContent) -> some View {
        if let website = content.website { Row(labels[.website], lines: [website], open: opening(website)) }
        if let email = content.email { Row(labels[.email], lines: [email], open: opening("mailto:" + email)) }
    }

    /// Blocks of lines under a heading; nothing where there is none.
    @ViewBuilder private func part(_ title: String, _ blocks: [[String]]) -> some View {
        let blocks = blocks.filter { !$0.isEmpty }
        if !blocks.isEmpty {
            Part(title) {
                Card {
                    Rows(blocks) { lines in
                        VStack(alignment: .leading, spacing: Space.tiny) {
                            ForEach(Array(lines.enumerated()), id: \.offset) { Text($0.element) }
                        }
                        .textSelection(.enabled)
                    }
                }
            }
        }
    }

    private func calling(_ phone: PhoneRow) -> (@MainActor () -> Void)? {
        guard !phone.dial.isEmpty else { return nil }
        return { call(phone.dial) }
    }

    private func call(_ number: String) {
        if let url = URL(string: "tel:" + number) { open(url) }
    }

    /// Isolation marks are for reading; an address has none.
    private func opening(_ address: String) -> (@MainActor () -> Void)? {
        let bare = address.filter { !"\u{2066}\u{2067}\u{2068}\u{2069}".contains($0) }
        guard let url = URL(string: bare) else { return nil }
        return { open(url) }
    }

    private func open(_ url: URL) { openURL(url) { isOpen in hasNoApp = !isOpen } }
}

/// What is wrong with a listing.
private struct ReportForm: View {
    let reports: [Choice<ReportKind>]
    let send: @MainActor (ServiceEvent) -> Void
    @State private var kind: Int?
    @State private var note = ""
    @Environment(\.labels) private var labels

    var body: some View {
        DraftChoice(labels[.reportAsk], reports, chosen: $kind)
        Field(labels[.note], text: $note, lines: 2)
        SideButton(labels[.send], .done, enabled: kind != nil) {
            guard let kind else { return }
            send(.report(kind: reports[kind].value, note: note))
        }
    }
}

#if DEBUG
struct ServiceScreenPreviews: PreviewProvider {
    static var previews: some View { everyWall { PreviewApp(.service, in: $0) } }
}
#endif
