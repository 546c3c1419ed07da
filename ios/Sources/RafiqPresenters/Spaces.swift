import Rafiq

// What several screens ask of one space after the other.

/// What spaces have answered, and which of them cannot be read.
struct Answers<Found: Sendable>: Sendable {
    var found: [Found] = []
    var unread: [SharedSpace] = []
}

extension [SharedSpace] {
    /// Asks each. One that cannot be read hides no other: it is named instead. What is wrong with the whole profile is thrown as ever.
    @MainActor func answers<Found: Sendable>(
        _ question: @MainActor (SharedSpace) async throws -> [Found]
    ) async throws -> Answers<Found> {
        var answers = Answers<Found>()
        for space in self {
            do {
                answers.found += try await question(space)
            } catch let error as RafiqError where error.isOfOneSpace {
                answers.unread.append(space)
            }
        }
        return answers
    }
}

extension RafiqError {
    /// Whether it says something about one space, and nothing about the others.
    var isOfOneSpace: Bool {
        switch self {
        case .Corrupt, .Bug, .NotFound, .Invalid: true
        default: false
        }
    }
}

/// Who is who in some spaces. Somebody may go by another name in another one, and not be known there by the first.
struct Rosters: Sendable {
    fileprivate var bySpace: [String: [Person]] = [:]

    /// What somebody is called there; nil for somebody who is not known there.
    func name(_ space: String, _ person: String) -> String? { nonempty(of(space).first { $0.id.value == person }?.name) }

    /// Everybody who was ever entered there, also who has left.
    func of(_ space: String) -> [Person] { bySpace[space] ?? [] }
}

extension Session {
    /// Reads the people of spaces; of one that cannot be read none.
    @MainActor func rosters(_ spaces: some Sequence<String>) async throws -> Rosters {
        var rosters = Rosters()
        for space in Set(spaces) {
            do {
                rosters.bySpace[space] = try await ask { try await $0.people.list(space: space) }
            } catch let error as RafiqError where error.isOfOneSpace {
                rosters.bySpace[space] = []
            }
        }
        return rosters
    }
}
