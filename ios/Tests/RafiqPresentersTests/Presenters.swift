import Foundation
import Testing

/// All tests of the presenters, one after the other: some count what goes to the library.
@MainActor @Suite(.serialized, .timeLimit(.minutes(2))) struct Presenters {}
