import RafiqPresenters
import SwiftUI

/// One of several to choose: touches the whole width, says whether it is chosen. `ticked` where more than one can be: an empty box shows
/// that, before any is chosen.
struct ChoiceRow: View {
    private let text: String
    private let about: String?
    private let pictogram: Pictogram?
    private let ticked: Bool
    private let chosen: Bool
    private let choose: @MainActor () -> Void
    @Environment(\.labels) private var labels

    init(
        _ text: String, about: String? = nil, pictogram: Pictogram? = nil, ticked: Bool = false, chosen: Bool,
        choose: @escaping @MainActor () -> Void
    ) {
        self.text = text
        self.about = about
        self.pictogram = pictogram
        self.ticked = ticked
        self.chosen = chosen
        self.choose = choose
    }

    var body: some View {
        Button(action: choose) {
            HStack(spacing: Space.middle) {
                if let pictogram { PictogramView(pictogram).foregroundStyle(Color.deepTeal) }
                VStack(alignment: .leading, spacing: Space.tiny) {
                    Text(text).font(chosen ? .strong : .words)
                    if let about { Text(about).font(.small).foregroundStyle(Color.softInk) }
                }
                .multilineTextAlignment(.leading)
                Spacer(minLength: 0)
                if ticked {
                    PictogramView(chosen ? .ticked : .box).foregroundStyle(Color.deepTeal)
                } else if chosen {
                    PictogramView(.chosen).foregroundStyle(Color.deepTeal)
                }
            }
            .padding(.horizontal, Space.middle)
            .padding(.vertical, Space.small)
            .frame(maxWidth: .infinity, minHeight: Space.touch)
            .foregroundStyle(Color.ink)
            .background(chosen ? Color.paleTeal : Color.card, in: .softened)
            .overlay { RoundedRectangle.softened.stroke(chosen ? Color.deepTeal : Color.line, lineWidth: chosen ? 2 : 1) }
            .contentShape(.softened)
        }
        .buttonStyle(.pressed)
        .accessibilityElement(children: .combine)
        .accessibilityAddTraits(chosen ? .isSelected : [])
        .accessibilityValue(labels[chosen ? .chosen : .notChosen])
    }
}

/// Several to choose from, one under the other; under a question, which is their heading for the eye and for a screen reader.
struct ChoiceList<Value>: View {
    private let question: String?
    private let choices: [Choice<Value>]
    private let ticked: Bool
    private let pictogram: (Value) -> Pictogram?
    private let choose: @MainActor (Value) -> Void

    init(
        _ choices: [Choice<Value>], under question: String? = nil, ticked: Bool = false,
        pictogram: @escaping (Value) -> Pictogram? = { _ in nil }, choose: @escaping @MainActor (Value) -> Void
    ) {
        self.question = question
        self.choices = choices
        self.ticked = ticked
        self.pictogram = pictogram
        self.choose = choose
    }

    var body: some View {
        VStack(alignment: .leading, spacing: Space.small) {
            if let question { Text(question).font(.part).accessibilityAddTraits(.isHeader) }
            ForEach(Array(choices.enumerated()), id: \.offset) { item in
                ChoiceRow(
                    item.element.text, pictogram: pictogram(item.element.value), ticked: ticked, chosen: item.element.chosen
                ) {
                    choose(item.element.value)
                }
            }
        }
    }
}

/// A few short ones to choose from, all equally wide: in one line, or two by two, or one under the other, as the longest allows.
/// `isOpen` where none shall look chosen yet; `proposed` where each is taken with a touch, and none stays chosen.
struct ChoiceChips<Value>: View {
    private let choices: [Choice<Value>]
    private let isOpen: Bool
    private let proposed: Bool
    private let choose: @MainActor (Value) -> Void
    @Environment(\.labels) private var labels

    init(
        _ choices: [Choice<Value>], isOpen: Bool = false, proposed: Bool = false, choose: @escaping @MainActor (Value) -> Void
    ) {
        self.choices = choices
        self.isOpen = isOpen
        self.proposed = proposed
        self.choose = choose
    }

    var body: some View {
        ViewThatFits(in: .horizontal) {
            line(choices)
            VStack(spacing: Space.small) {
                line(Array(choices.prefix(half)))
                line(Array(choices.dropFirst(half)))
            }
            VStack(spacing: Space.small) {
                ForEach(Array(choices.enumerated()), id: \.offset) { chip($0.element) }
            }
        }
    }

    private var half: Int { (choices.count + 1) / 2 }

    private func line(_ choices: [Choice<Value>]) -> some View {
        HStack(spacing: Space.small) {
            ForEach(Array(choices.enumerated()), id: \.offset) { chip($0.element) }
        }
    }

    private func chip(_ choice: Choice<Value>) -> some View {
        let chosen = choice.chosen && !isOpen
        return Button {
            choose(choice.value)
        } label: {
            Text(choice.text)
                .font(.small)
                .multilineTextAlignment(.center)
                .padding(.horizontal, Space.middle)
                .frame(minWidth: Space.touch, maxWidth: .infinity, minHeight: Space.touch)
                .foregroundStyle(chosen ? Color.onTeal : Color.ink)
                .background(chosen ? Color.deepTeal : Color.card, in: .softened)
                .overlay { RoundedRectangle.softened.stroke(chosen ? Color.deepTeal : Color.line) }
                .contentShape(.softened)
        }
        .buttonStyle(.pressed)
        .accessibilityAddTraits(chosen ? .isSelected : [])
        .accessibilityValue(proposed ? "" : labels[chosen ? .chosen : .notChosen])
    }
}

/// Several to choose from, kept by the screen itself until it is sent: `chosen` is a place in the list.
struct DraftChoice<Value>: View {
    private let question: String
    private let choices: [Choice<Value>]
    @Binding private var chosen: Int?

    init(_ question: String, _ choices: [Choice<Value>], chosen: Binding<Int?>) {
        self.question = question
        self.choices = choices
        _chosen = chosen
    }

    var body: some View {
        VStack(alignment: .leading, spacing: Space.small) {
            Text(question).font(.part).accessibilityAddTraits(.isHeader)
            ForEach(Array(choices.enumerated()), id: \.offset) { item in
                ChoiceRow(item.element.text, chosen: item.offset == chosen) { chosen = item.offset }
            }
        }
    }
}

/// The languages, each by its own name and in its own direction.
struct LanguageList: View {
    private let question: String?
    private let languages: [LanguageChoice]
    private let chosen: String?
    private let choose: @MainActor (String) -> Void

    /// `chosen` counts instead of what the languages say, where the screen keeps the choice itself.
    init(
        _ languages: [LanguageChoice], under question: String? = nil, chosen: String? = nil,
        choose: @escaping @MainActor (String) -> Void
    ) {
        self.question = question
        self.languages = languages
        self.chosen = chosen
        self.choose = choose
    }

    var body: some View {
        VStack(alignment: .leading, spacing: Space.small) {
            if let question { Text(question).font(.part).accessibilityAddTraits(.isHeader) }
            ForEach(languages, id: \.tag) { language in
                ChoiceRow(language.name, chosen: chosen.map { $0 == language.tag } ?? language.chosen) { choose(language.tag) }
                    .environment(\.layoutDirection, language.direction == .rightToLeft ? .rightToLeft : .leftToRight)
            }
        }
    }
}
