import Foundation
@testable import RafiqPresenters

extension Presenter {
    /// Waits for a content of which something holds.
    func content(where holds: (C) -> Bool = { _ in true }) async throws -> C {
        let found = try await until { $0.content.map(holds) ?? false }
        guard let content = found.content else { throw Unexpected("\(type(of: self)) shows \(found)") }
        return content
    }

    /// Waits for a state of which something holds.
    @discardableResult func until(_ holds: (UiState<C>) -> Bool) async throws -> UiState<C> {
        let end = ContinuousClock.now + .seconds(15)
        while !holds(state) {
            if ContinuousClock.now > end { throw Unexpected("\(type(of: self)) shows \(state)") }
            try await Task.sleep(for: .milliseconds(3))
        }
        return state
    }

    /// The first state in which something is known.
    func known() async throws -> UiState<C> {
        try await until { if case .loading = $0 { false } else { true } }
    }

    /// Does something and gives what is shown then.
    @discardableResult func does(_ event: E) async throws -> C {
        await on(event).value
        return try await content()
    }
}

extension UiState {
    /// "There is nothing here yet", in a sentence.
    var empty: String? { if case .empty(let sentence) = self { sentence } else { nil } }

    /// Why it could not be shown.
    var failed: String? { if case .failed(let sentence, _) = self { sentence } else { nil } }

    /// Whether trying again makes sense.
    var canRetry: Bool? { if case .failed(_, let canRetry) = self { canRetry } else { nil } }

    var isLoading: Bool { if case .loading = self { true } else { false } }

    var isLocked: Bool { if case .locked = self { true } else { false } }
}

extension Array {
    /// The one that is chosen.
    func chosen<Value>() throws -> Value where Element == Choice<Value> { try only { $0.chosen }.value }

    /// The only element, or the only one of which something holds.
    func only(_ holds: (Element) throws -> Bool = { _ in true }) throws -> Element {
        let found = try filter(holds)
        guard found.count == 1 else { throw Unexpected("\(found.count) instead of one: \(self)") }
        return found[0]
    }
}

extension String {
    /// A sentence without the marks that set values apart.
    var plain: String { String(String.UnicodeScalarView(unicodeScalars.filter { !(0x2066...0x2069).contains($0.value) })) }
}
