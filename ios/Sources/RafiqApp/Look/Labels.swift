import RafiqPresenters
import SwiftUI

/// The fixed words of the language that a person reads, for every component: `labels[.save]`.
struct Labels: Sendable {
    var words: Words?

    subscript(word: Word) -> String { words?[word] ?? "" }

    /// What the phone itself is about to show or ask, by its message id (`locales/*/platform.ftl`; none has values).
    func platform(_ id: String) -> String { (try? words?.language.text(id).text) ?? "" }

    /// A number in the language's own digits.
    func number(_ number: Int) -> String { (try? words?.language.number(Int64(number))) ?? String(number) }

    /// Which way the language runs.
    var direction: LayoutDirection { words?.direction == .rightToLeft ? .rightToLeft : .leftToRight }
}

private struct LabelsKey: EnvironmentKey {
    static let defaultValue = Labels()
}

extension EnvironmentValues {
    /// The fixed words of the language that a person reads.
    var labels: Labels {
        get { self[LabelsKey.self] }
        set { self[LabelsKey.self] = newValue }
    }
}

extension View {
    /// Lays out and labels what is inside in a language: its words and its direction, whatever the system's are.
    func speaking(_ words: Words) -> some View {
        let labels = Labels(words: words)
        return environment(\.labels, labels).environment(\.layoutDirection, labels.direction)
    }
}
