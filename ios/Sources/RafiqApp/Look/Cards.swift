import RafiqPresenters
import SwiftUI

/// A part of a screen: what belongs together, on a card.
struct Card<Content: View>: View {
    private let tone: Tone
    private let content: Content

    /// Amber when `tone` is urgent.
    init(_ tone: Tone = .ordinary, @ViewBuilder content: () -> Content) {
        self.tone = tone
        self.content = content()
    }

    var body: some View {
        VStack(alignment: .leading, spacing: Space.middle) { content }
            .padding(Space.large)
            .frame(maxWidth: .infinity, alignment: .leading)
            .background(tone == .urgent ? Color.paleAmber : Color.card, in: .rounded)
            .overlay { RoundedRectangle.rounded.stroke(Color.hairline) }
    }
}

/// A heading of a part, and what is in it.
struct Part<Content: View>: View {
    private let title: String
    private let content: Content

    init(_ title: String, @ViewBuilder content: () -> Content) {
        self.title = title
        self.content = content()
    }

    var body: some View {
        VStack(alignment: .leading, spacing: Space.middle) {
            Text(title).font(.part).accessibilityAddTraits(.isHeader)
            content
        }
    }
}

/// A row: what it is, `words` about it, a few lines that are read second, and where it leads.
struct Row: View {
    private let title: String
    private let words: String?
    private let lines: [String]
    private let tone: Tone
    private let open: (@MainActor () -> Void)?

    /// Without `open` it is only read.
    init(
        _ title: String, words: String? = nil, lines: [String] = [], tone: Tone = .ordinary, open: (@MainActor () -> Void)? = nil
    ) {
        self.title = title
        self.words = words
        self.lines = lines.filter { !$0.isEmpty }
        self.tone = tone
        self.open = open
    }

    var body: some View {
        if let open {
            Button(action: open) { told.contentShape(Rectangle()) }
                .buttonStyle(.pressed)
                .accessibilityElement(children: .combine)
        } else {
            told.accessibilityElement(children: .combine)
        }
    }

    private var told: some View {
        HStack(spacing: Space.middle) {
            VStack(alignment: .leading, spacing: Space.tiny) {
                HStack(alignment: .firstTextBaseline, spacing: Space.small) {
                    if tone == .urgent { PictogramView(.alert, size: 18).foregroundStyle(Color.amber) }
                    Text(title).font(.strong).foregroundStyle(tone == .urgent ? Color.amber : Color.ink)
                }
                if let words { Text(words) }
                ForEach(Array(lines.enumerated()), id: \.offset) { line in
                    Text(line.element).font(.small).foregroundStyle(Color.softInk)
                }
            }
            .multilineTextAlignment(.leading)
            Spacer(minLength: 0)
            if open != nil { PictogramView(.forward, size: 18).foregroundStyle(Color.deepTeal) }
        }
        .frame(minHeight: Space.touch)
    }
}

/// Rows, one under the other, with a fine line between them.
struct Rows<Item, Content: View>: View {
    private let items: [Item]
    private let row: (Item) -> Content

    init(_ items: [Item], @ViewBuilder row: @escaping (Item) -> Content) {
        self.items = items
        self.row = row
    }

    var body: some View {
        VStack(alignment: .leading, spacing: Space.middle) {
            ForEach(Array(items.enumerated()), id: \.offset) { item in
                if item.offset > 0 { Rectangle().fill(Color.hairline).frame(height: 1).accessibilityHidden(true) }
                row(item.element)
            }
        }
    }
}
