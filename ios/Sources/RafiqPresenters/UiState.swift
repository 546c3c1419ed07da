/// What a screen shows. Every text in it is already said in the person's language.
public enum UiState<C> {
    /// Nothing is known yet.
    case loading
    /// There is nothing here yet, and `sentence` says so warmly.
    case empty(sentence: String)
    /// The profile was locked; the app shows its question instead.
    case locked
    /// It could not be shown: why, in a sentence, and whether trying again makes sense.
    case failed(sentence: String, canRetry: Bool)
    /// What there is.
    case content(C)

    /// What there is, where there is something.
    var content: C? { if case .content(let content) = self { content } else { nil } }
}

extension UiState: Equatable where C: Equatable {}
extension UiState: Sendable where C: Sendable {}

/// A value with something changed in it.
func with<Value>(_ value: Value, _ change: (inout Value) -> Void) -> Value {
    var value = value
    change(&value)
    return value
}
