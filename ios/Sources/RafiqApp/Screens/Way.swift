import RafiqPresenters
import SwiftUI

/// The ways on from a screen.
struct Way: Sendable {
    /// Opens a place.
    let open: @MainActor @Sendable (Place) -> Void
    /// One step back; nil on a tab.
    let back: (@MainActor @Sendable () -> Void)?
}

private struct WayKey: EnvironmentKey {
    static let defaultValue: Way? = nil
}

extension EnvironmentValues {
    /// The ways on from this screen; nil before a profile is open.
    var way: Way? {
        get { self[WayKey.self] }
        set { self[WayKey.self] = newValue }
    }
}

/// Makes a presenter once and keeps it for as long as its screen stands; it is freed with the screen.
struct Held<Presenter: AnyObject, Content: View>: View {
    private let make: @MainActor () -> Presenter
    private let content: (Presenter) -> Content
    @State private var held: Presenter?

    init(_ make: @escaping @MainActor () -> Presenter, @ViewBuilder content: @escaping (Presenter) -> Content) {
        self.make = make
        self.content = content
    }

    var body: some View {
        Group {
            if let held { content(held) } else { Color.paper }
        }
        .onAppear { if held == nil { held = make() } }
    }
}

/// An open profile. (The library's own `Session` is a meeting of a group.)
typealias Session = RafiqPresenters.Session
