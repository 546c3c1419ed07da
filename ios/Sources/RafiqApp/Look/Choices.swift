import RafiqPresenters
import SwiftUI

/// One of several to choose: touches the whole width, says whether it is chosen.
struct ChoiceRow: View {
    private let text: String
    private let about: String?
    private let pictogram: Pictogram?
    private let chosen: Bool
    private let choose: @MainActor () -> Void
    @Environment(\.labels) private var labels

    init(
        _ text: String, about: String? = nil, pictogram: Pictogram? = nil, chosen: Bool, choose: @escaping @MainActor () -> Void
    ) {
        self.text = text
        self.about = about
        self.pictogram = pictogram
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
                if chosen { PictogramView(.chosen).foregroundStyle(Color.deepTeal) }
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
    private let pictogram: (Value) -> Pictogram?
    private let choose: @MainActor (Value) -> Void

    init(
        _ choices: [Choice<Value>], under question: String? = nil, pictogram: @escaping (Value) -> Pictogram? = { _ in nil },
        choose: @escaping @MainActor (Value) -> Void
    ) {
        self.question = question
        self.choices = choices
        self.pictogram = pictogram
        self.choose = choose
    }

    var body: some View {
        VStack(alignment: .leading, spacing: Space.small) {
            if let question { Text(question).font(.part).accessibilityAddTraits(.isHeader) }
            ForEach(Array(choices.enumerated()), id: \.offset) { item in
                ChoiceRow(item.element.text, pictogram: pictogram(item.element.value), chosen: item.element.chosen) {
                    choose(item.element.value)
                }
            }
        }
    }
}

/// A few short ones to choose from, side by side; one under the other where the letters are too large for that.
struct ChoiceChips<Value>: View {
    private let choices: [Choice<Value>]
    private let choose: @MainActor (Value) -> Void
    @Environment(\.labels) private var labels

    init(_ choices: [Choice<Value>], choose: @escaping @MainActor (Value) -> Void) {
        self.choices = choices
        self.choose = choose
    }

    var body: some View {
        ViewThatFits(in: .horizontal) {
            HStack(spacing: Space.small) {
                ForEach(Array(choices.enumerated()), id: \.offset) { chip($0.element) }
            }
            ChoiceList(choices, choose: choose)
        }
    }

    private func chip(_ choice: Choice<Value>) -> some View {
        Button {
            choose(choice.value)
        } label: {
            Text(choice.text)
                .font(.small)
                .fixedSize(horizontal: true, vertical: false)
                .padding(.horizontal, Space.middle)
                .frame(minWidth: Space.touch, minHeight: Space.touch)
                .foregroundStyle(choice.chosen ? Color.onTeal : Color.ink)
                .background(choice.chosen ? Color.deepTeal : Color.card, in: .softened)
                .overlay { RoundedRectangle.softened.stroke(choice.chosen ? Color.deepTeal : Color.line) }
                .contentShape(.softened)
        }
        .buttonStyle(.pressed)
        .accessibilityAddTraits(choice.chosen ? .isSelected : [])
        .accessibilityValue(labels[choice.chosen ? .chosen : .notChosen])
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
