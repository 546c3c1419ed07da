import RafiqPresenters
import SwiftUI

/// Everything that is shared with others, and what can be begun.
struct TogetherScreen: View {
    let presenter: TogetherPresenter
    @Environment(\.way) private var way
    @Environment(\.labels) private var labels

    var body: some View {
        StateView(presenter.state, title: labels[.tabTogether], again: { presenter.on(.refresh) }) { content in
            Page(labels[.tabTogether], remark: content.remark, notice: content.notice, dismiss: { presenter.on(.dismiss) }) {
                if let nothing = content.nothing { Quiet(nothing) }
                if !content.requests.isEmpty {
                    Part(labels[.requestsTitle]) {
                        Card { Rows(content.requests) { row in Row(row.text, lines: [row.at]) { way?.open(row.leadsTo) } } }
                    }
                }
                rows(labels[.pairings], content.pairings)
                rows(labels[.groups], content.groups)
                Foldout(labels[.beginPairing]) { close in
                    BeginPairing(models: content.models) {
                        presenter.on($0)
                        close()
                    }
                }
                Foldout(labels[.foundGroup]) { close in
                    FoundGroup(languages: content.languages) {
                        presenter.on($0)
                        close()
                    }
                }
            } main: {
                MainButton(labels[.join]) { way?.open(.join) }
            }
            .onChange(of: content.begun, initial: true) { _, begun in
                guard let begun else { return }
                presenter.on(.dismiss)
                way?.open(begun)
            }
        }
    }

    @ViewBuilder private func rows(_ title: String, _ rows: [TogetherRow]) -> some View {
        if !rows.isEmpty {
            Part(title) {
                Card { Rows(rows) { row in Row(row.title, lines: [row.line], tone: row.tone) { way?.open(row.leadsTo) } } }
            }
        }
    }
}

/// What kind of support, which part one takes, and what it is called.
private struct BeginPairing: View {
    let models: [ModelOffer]
    let send: @MainActor (TogetherEvent) -> Void
    @State private var model: Int?
    @State private var role: Int?
    @State private var title = ""
    @Environment(\.labels) private var labels

    var body: some View {
        VStack(alignment: .leading, spacing: Space.middle) {
            Text(labels[.modelAsk]).font(.part).accessibilityAddTraits(.isHeader)
            ForEach(Array(models.enumerated()), id: \.offset) { item in
                ChoiceRow(item.element.title, about: item.element.about, chosen: item.offset == model) {
                    model = item.offset
                    role = nil
                }
            }
            if let model {
                Text(models[model].isNot).font(.small).foregroundStyle(Color.softInk)
                DraftChoice(labels[.roleAsk], models[model].roles, chosen: $role)
                Field(labels[.pairingTitle], text: $title)
                if let role {
                    SideButton(labels[.begin], .done, enabled: !title.isEmpty) {
                        send(.beginPairing(model: models[model].model, role: models[model].roles[role].value, title: title))
                    }
                }
            }
        }
    }
}

/// A group's name, language, size and place.
private struct FoundGroup: View {
    let languages: [LanguageChoice]
    let send: @MainActor (TogetherEvent) -> Void
    @State private var name = ""
    @State private var language: String?
    @State private var capacity = 12
    @State private var place = ""
    @Environment(\.labels) private var labels

    var body: some View {
        VStack(alignment: .leading, spacing: Space.middle) {
            Field(labels[.groupName], text: $name)
            LanguageList(languages, under: labels[.groupLanguage], chosen: tag) { language = $0 }
            Stepper(value: $capacity, in: 2...500) {
                VStack(alignment: .leading, spacing: Space.tiny) {
                    Text(labels[.groupCapacity]).font(.strong)
                    Text(labels.number(capacity))
                }
            }
            .frame(minHeight: Space.touch)
            Field(labels[.groupPlace], text: $place)
            SideButton(labels[.foundGroup], .done, enabled: !name.isEmpty) {
                send(.foundGroup(name: name, language: tag, capacity: capacity, place: place))
            }
        }
    }

    private var tag: String { language ?? languages.first(where: \.chosen)?.tag ?? "en" }
}

#if DEBUG
struct TogetherScreenPreviews: PreviewProvider {
    static var previews: some View { everyWall { PreviewApp(.place(.together), in: $0) } }
}
#endif
