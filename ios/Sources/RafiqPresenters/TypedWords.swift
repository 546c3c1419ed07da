import Foundation
import Rafiq

/// The words of a kit as somebody types them. Numbers and commas between them are forgiven.
struct TypedWords {
    private let text: String
    private let words: [Substring]

    /// The word that is being written is the last one; what stands before it is done.
    private let isWriting: Bool

    init(_ text: String) {
        self.text = text
        words = text.split { !$0.isLetter }
        isWriting = text.last?.isLetter == true
    }

    /// As many as a kit has; whether they are the right ones says the library.
    var isAll: Bool { words.count >= Self.count }

    /// What the word that is being written may become: all that is typed, with it; and the word itself.
    func suggestions() async throws -> [Choice<String>] {
        guard isWriting, let letters = words.last, letters.count >= Self.letters else { return [] }
        let found = try await Recovery.wordsBeginning(letters: String(letters)).filter { $0 != letters.lowercased() }
        return found.prefix(Self.most).map { Choice("\(text.dropLast(letters.count))\($0) ", $0) }
    }

    /// The first that is in no list, with its number; of the one that is being written, if no word begins so.
    func unknown() async throws -> (number: Int, word: String)? {
        for (at, word) in words.enumerated() {
            // In alphabetical order: the word itself comes first.
            let known = try await Recovery.wordsBeginning(letters: String(word))
            let isOpen = isWriting && at == words.count - 1
            if isOpen ? known.isEmpty : known.first != word.lowercased() { return (at + 1, String(word)) }
        }
        return nil
    }

    private static let count = 12

    /// Fewer letters leave too many words.
    private static let letters = 2

    /// As many as fit beside each other.
    private static let most = 3
}
