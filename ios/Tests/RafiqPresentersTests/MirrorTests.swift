import Foundation
import Testing

/// The presenters of both apps have the same names, show the same and take the same: what one has learnt about them in one language holds
/// in the other. Compared by their sources, so that whoever changes one side alone hears of it.
@Suite struct MirrorTests {
    private let kotlin = Surface(kotlin: "android/presenters/src/main/kotlin/org/rafiq/presenters", ending: "kt")
    private let swift = Surface(swift: "ios/Sources/RafiqPresenters", ending: "swift")

    @Test func theFilesHaveTheSameNames() {
        #expect(kotlin.files == swift.files)
        #expect(kotlin.files.filter { $0.hasSuffix("Presenter") && $0 != "Presenter" }.count == 17)
    }

    @Test func statesHaveTheSameFieldsAndEventsTheSameCasesInTheSameOrder() {
        #expect(kotlin.types.keys.sorted() == swift.types.keys.sorted())
        for (name, members) in kotlin.types { #expect(members == swift.types[name], "\(name)") }
        // What a comparison of nothing with nothing would miss.
        #expect(kotlin.types["CheckInEvent"]?.first == "chooseFeeling(value: Int)")
        #expect(kotlin.types["DueRow"]?.last == "completes: TodayEvent?")
        #expect(kotlin.types["Word"]?.first == "tabToday = today-title")
        #expect(
            kotlin.types.keys.filter { $0.hasSuffix("Content") }.count == 18
                && kotlin.types.keys.filter { $0.hasSuffix("Event") }.count == 17)
    }

    @Test func presentersAreMadeOfTheSame() {
        #expect(kotlin.presenters == swift.presenters)
        #expect(swift.presenters["ServicePresenter"] == ["session: Session", "space: String", "id: String"])
    }
}

/// What views see of the presenters, in Swift's words.
private struct Surface {
    /// Names without their endings.
    let files: [String]
    /// By name: fields or cases, in their order.
    let types: [String: [String]]
    /// By name: what they are made of.
    let presenters: [String: [String]]

    init(kotlin folder: String, ending: String) {
        let (files, source) = read(folder, ending)
        self.files = files
        let code = source.replacing(#"/\*\*.*?\*/"#, with: "").replacing("//[^\n]*", with: "")
        var types: [String: [String]] = [:]
        for found in code.all(#"^data class (\w+)(?:<T>)?\((.*?)\)\s*(?:\{|$)"#) {
            let fields = found[1].all(#"(private )?val (\w+): ([^,=\n]+)"#).filter { $0[0].isEmpty }
            types[found[0]] = fields.map { "\($0[1]): \(translated($0[2]))" }
        }
        for found in code.all(#"^sealed interface (\w+)(?:<[^>]*>)? \{(.*?)^\}"#) {
            types[found[0]] = found[1].all(#"data (?:object|class) (\w+)(?:<C>)?(?:\(([^)]*)\))?"#).map { name, parameters in
                let values = parameters.all(#"val (\w+): ([^,=\n]+)"#).map { "\($0[0]): \(translated($0[1]))" }
                return lowered(name) + (values.isEmpty ? "" : "(\(values.joined(separator: ", ")))")
            }
        }
        for found in code.all(#"^enum class (\w+)(?:\([^)]*\))? \{(.*?)\}"#) {
            types[found[0]] = found[1].all(#"([A-Z][A-Z_]*)(?:\("([^"]*)"\))?"#).map { name, id in
                camel(name) + (id.isEmpty ? "" : " = \(id)")
            }
        }
        types["UiState"] = types["UiState"]?.map { $0.replacingOccurrences(of: "content: C", with: "C") }
        types["Navigator"] = nil  // has nothing to be seen but what its tests use
        self.types = types
        presenters = Dictionary(
            uniqueKeysWithValues: code.all(#"^class (\w+Presenter)\((.*?)\)\s*:"#).map { name, parameters in
                let given = parameters.all(#"(\w+): ([^,\n]+)"#).filter { $0[0] != "scope" }
                return (name, given.map { "\($0[0]): \(translated($0[1]))" })
            })
    }

    init(swift folder: String, ending: String) {
        let (files, source) = read(folder, ending)
        self.files = files
        let code = source.replacing("//[^\n]*", with: "")
        var types: [String: [String]] = [:]
        for found in code.all(#"^public struct (\w+)(?:<\w+>)?[^{\n]*\{(.*?)^\}"#) {
            types[found[0]] = found[1].all(#"^    public (?:internal\(set\) )?(?:let|var) (\w+): ([^\n{=]+)$"#).map {
                "\($0[0]): \($0[1])"
            }
        }
        for found in code.all(#"^public enum (\w+)(?:<\w+>)?[^{\n]*\{(.*?)(?:^\}| \}$)"#) {
            types[found[0]] = found[1].all(#"^ *case (\w[^\n]*)$"#).flatMap { cases in
                cases[0].all(#"(\w+(?:\([^)]*\))?(?: = "[^"]*")?)"#).map { $0[0].replacingOccurrences(of: "\"", with: "") }
            }
        }
        for other in ["Host", "Navigator"] { types[other] = nil }
        self.types = types
        presenters = Dictionary(
            uniqueKeysWithValues: code.all(#"^(?:@MainActor )?public final class (\w+Presenter)\b[^{]*\{.*?public init\((.*?)\)"#)
                .map { name, parameters in (name, parameters.all(#"(\w+: [^,\n]+)"#).map { $0[0] }) })
    }
}

/// All sources of a folder, and their names.
private func read(_ folder: String, _ ending: String) -> (files: [String], source: String) {
    let root = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../..").standardized.appendingPathComponent(folder)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    let files = names.filter { $0.hasSuffix(".\(ending)") }.sorted()
    let sources = files.map { (try? String(contentsOf: root.appendingPathComponent($0), encoding: .utf8)) ?? "" }
    return (files.map { String($0.dropLast(ending.count + 1)) }, sources.joined(separator: "\n"))
}

/// A type of Kotlin's in Swift.
private func translated(_ type: String) -> String {
    let type = type.trimmingCharacters(in: .whitespacesAndNewlines)
    if type.hasSuffix("?") { return translated(String(type.dropLast())) + "?" }
    if let element = type.all(#"^List<(.*)>$"#).first { return "[\(translated(element[0]))]" }
    if let value = type.all(#"^Choice<(.*)>$"#).first { return "Choice<\(translated(value[0]))>" }
    let names = ["Long": "Int64", "Boolean": "Bool", "TodayEvent.CompleteStep": "TodayEvent"]  // Swift's cases are no types
    return names[type] ?? type
}

private func lowered(_ name: String) -> String { name.prefix(1).lowercased() + name.dropFirst() }

/// `TAB_TODAY` → `tabToday`.
private func camel(_ name: String) -> String { lowered(name.split(separator: "_").map(\.capitalized).joined()) }

extension String {
    /// The groups of all matches; one that took no part is empty. `.` also matches the end of a line, `^` and `$` stand at each.
    fileprivate func all(_ pattern: String) -> [[String]] {
        guard let regex = try? NSRegularExpression(pattern: pattern, options: [.dotMatchesLineSeparators, .anchorsMatchLines])
        else { return [] }
        return regex.matches(in: self, range: NSRange(startIndex..., in: self)).map { match in
            (1..<match.numberOfRanges).map { Range(match.range(at: $0), in: self).map { String(self[$0]) } ?? "" }
        }
    }

    fileprivate func replacing(_ pattern: String, with other: String) -> String {
        guard let regex = try? NSRegularExpression(pattern: pattern, options: [.dotMatchesLineSeparators]) else { return self }
        return regex.stringByReplacingMatches(in: self, range: NSRange(startIndex..., in: self), withTemplate: other)
    }
}

extension [[String]] {
    /// Of matches with two groups.
    fileprivate func map<Answer>(_ change: (String, String) throws -> Answer) rethrows -> [Answer] {
        try map { try change($0[0], $0[1]) }
    }
}
