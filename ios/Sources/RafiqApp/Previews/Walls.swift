#if DEBUG
import Rafiq
import RafiqPresenters
import SwiftUI

/// One view in every language that is shipped, by day and by night, and with large letters. `content` is given the language's tag.
@MainActor func everyWall<Content: View>(@ViewBuilder content: @escaping (String) -> Content) -> some View {
    ForEach(["en", "ar", "uk", "prs"], id: \.self) { tag in
        content(tag).previewDisplayName(tag)
        content(tag).environment(\.colorScheme, .dark).previewDisplayName(tag + " ☾")
        content(tag).environment(\.dynamicTypeSize, .accessibility2).previewDisplayName(tag + " AA")
    }
}

/// What stands where there is no content (yet), as the library says it.
struct StatePreviews: PreviewProvider {
    static var previews: some View {
        everyWall { tag in
            if let language = try? Language(tag) {
                PreviewStates(words: Words(language: language))
            }
        }
    }
}

private struct PreviewStates: View {
    let words: Words

    var body: some View {
        VStack(spacing: 0) {
            state(.loading)
            state(.empty(sentence: said("app-together-none")))
            state(.failed(sentence: said("error-storage-full"), canRetry: true))
            state(.locked)
        }
        .speaking(words)
    }

    private func state(_ state: UiState<String>) -> some View {
        StateView(state, title: words[.tabToday]) { Text($0) }
    }

    private func said(_ id: String) -> String { (try? words.language.text(id).text) ?? id }
}
#endif
