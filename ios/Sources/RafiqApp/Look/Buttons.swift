import SwiftUI
import UIKit

/// The one main action of a screen.
struct MainButton: View {
    private let text: String
    private let enabled: Bool
    private let action: @MainActor () -> Void

    init(_ text: String, enabled: Bool = true, action: @escaping @MainActor () -> Void) {
        self.text = text
        self.enabled = enabled
        self.action = action
    }

    var body: some View {
        Button(action: action) {
            Text(text)
                .font(.strong)
                .multilineTextAlignment(.center)
                .frame(maxWidth: .infinity, minHeight: Space.touch)
                .padding(.horizontal, Space.middle)
                .padding(.vertical, Space.tiny)
                .foregroundStyle(enabled ? Color.onTeal : Color.softInk)
                .background(enabled ? Color.deepTeal : Color.hairline, in: .softened)
        }
        .buttonStyle(.pressed)
        .disabled(!enabled)
    }
}

/// Whatever else one can do: words in teal, framed.
struct SideButton: View {
    private let text: String
    private let pictogram: Pictogram?
    private let enabled: Bool
    private let action: @MainActor () -> Void

    init(_ text: String, _ pictogram: Pictogram? = nil, enabled: Bool = true, action: @escaping @MainActor () -> Void) {
        self.text = text
        self.pictogram = pictogram
        self.enabled = enabled
        self.action = action
    }

    var body: some View {
        Button(action: action) {
            HStack(spacing: Space.small) {
                if let pictogram { PictogramView(pictogram) }
                Text(text).font(.strong).multilineTextAlignment(.leading)
            }
            .padding(.horizontal, Space.middle)
            .frame(minHeight: Space.touch)
            .foregroundStyle(enabled ? Color.deepTeal : Color.softInk)
            .overlay { RoundedRectangle.softened.stroke(enabled ? Color.line : Color.hairline) }
            .contentShape(.softened)
        }
        .buttonStyle(.pressed)
        .disabled(!enabled)
    }
}

/// A pictogram to touch; `label` is what a screen reader says.
struct PictogramButton: View {
    private let pictogram: Pictogram
    private let label: String
    private let action: @MainActor () -> Void

    init(_ pictogram: Pictogram, _ label: String, action: @escaping @MainActor () -> Void) {
        self.pictogram = pictogram
        self.label = label
        self.action = action
    }

    var body: some View {
        Button(action: action) {
            PictogramView(pictogram)
                .frame(minWidth: Space.touch, minHeight: Space.touch)
                .foregroundStyle(Color.deepTeal)
                .contentShape(Rectangle())
        }
        .buttonStyle(.pressed)
        .accessibilityLabel(label)
    }
}

/// A button that cannot be undone: asks first.
struct AskFirstButton: View {
    private let text: String
    private let question: String
    private let yes: String
    private let of: String?
    private let no: String?
    private let action: @MainActor () -> Void
    @State private var asking = false
    @Environment(\.labels) private var labels

    /// `of` says what of, to whoever does not see where it stands; `no` what happens if not, where "cancel" could be taken for the
    /// thing itself.
    init(
        _ text: String, question: String, yes: String, of: String? = nil, no: String? = nil, action: @escaping @MainActor () -> Void
    ) {
        self.text = text
        self.question = question
        self.yes = yes
        self.of = of
        self.no = no
        self.action = action
    }

    var body: some View {
        SideButton(text) { asking = true }
            .accessibilityLabel(of.map { "\(text). \($0)" } ?? text)
            .confirmationDialog(question, isPresented: $asking, titleVisibility: .visible) {
                Button(yes, role: .destructive, action: action)
                Button(no ?? labels[.cancel], role: .cancel) {}
            }
    }
}

/// A finger shows that it has been felt.
struct PressedButtonStyle: ButtonStyle {
    func makeBody(configuration: Configuration) -> some View {
        configuration.label.opacity(configuration.isPressed ? 0.6 : 1)
    }
}

extension ButtonStyle where Self == PressedButtonStyle {
    static var pressed: PressedButtonStyle { PressedButtonStyle() }
}

/// Lets a screen reader say a sentence that has just come.
@MainActor func announce(_ sentence: String) {
    UIAccessibility.post(notification: .announcement, argument: sentence)
}
