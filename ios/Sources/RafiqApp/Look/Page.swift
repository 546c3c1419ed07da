import RafiqPresenters
import SwiftUI

/// A screen: one heading, what there is below it, and at most one main action at the bottom, within a thumb's reach.
struct Page<Content: View, Main: View>: View {
    let title: String
    let remark: String?
    let notice: String?
    let dismiss: @MainActor () -> Void
    private let stepBack: (@MainActor () -> Void)?
    private let content: Content
    private let main: Main
    @Environment(\.way) private var way
    @Environment(\.labels) private var labels

    /// `remark` says at the foot that not all words are the person's own language's; `notice` is a sentence beside what is shown;
    /// `stepBack` leads from one step of this screen to the one before it, by the arrow.
    init(
        _ title: String, remark: String? = nil, notice: String? = nil, dismiss: @escaping @MainActor () -> Void = {},
        stepBack: (@MainActor () -> Void)? = nil, @ViewBuilder content: () -> Content, @ViewBuilder main: () -> Main
    ) {
        self.title = title
        self.remark = remark
        self.notice = notice
        self.dismiss = dismiss
        self.stepBack = stepBack
        self.content = content()
        self.main = main()
    }

    var body: some View {
        ScrollView {
            VStack(alignment: .leading, spacing: Space.large) {
                top
                content
                if let remark { Text(remark).font(.small).foregroundStyle(Color.softInk) }
            }
            .frame(maxWidth: Space.widest, alignment: .leading)
            .padding(.horizontal, Space.large)
            .padding(.vertical, Space.middle)
            .frame(maxWidth: .infinity)
        }
        .scrollDismissesKeyboard(.interactively)
        .safeAreaInset(edge: .bottom, spacing: 0) { bottom }
        .font(.words)
        .foregroundStyle(Color.ink)
        .background(Color.paper)
        .accessibilityAction(.escape) { back?() }
    }

    private var top: some View {
        HStack(alignment: .top, spacing: Space.small) {
            if let back {
                PictogramButton(.back, labels[.back], action: back)
            }
            Text(title)
                .font(.heading)
                .accessibilityAddTraits(.isHeader)
                .padding(.vertical, Space.small)
            Spacer(minLength: 0)
            if let open = way?.open, back == nil {
                PictogramButton(.person, labels[.profile]) { open(.profile) }
            }
        }
    }

    private var back: (@MainActor () -> Void)? { stepBack ?? way?.back }

    /// Without anything in it, it would be an empty band.
    @ViewBuilder private var bottom: some View {
        if notice != nil || Main.self != EmptyView.self {
            VStack(spacing: Space.small) {
                if let notice { NoticeBanner(notice, dismiss: dismiss) }
                main
            }
            .frame(maxWidth: Space.widest)
            .padding(.horizontal, Space.large)
            .padding(.vertical, Space.small)
            .frame(maxWidth: .infinity)
            .background(Color.paper)
        }
    }
}

extension Page where Main == EmptyView {
    /// A screen without a main action.
    init(
        _ title: String, remark: String? = nil, notice: String? = nil, dismiss: @escaping @MainActor () -> Void = {},
        @ViewBuilder content: () -> Content
    ) {
        self.init(title, remark: remark, notice: notice, dismiss: dismiss, content: content, main: { EmptyView() })
    }
}

/// What a presenter shows: its content, or why there is none.
struct StateView<Content, Filled: View>: View {
    private let state: UiState<Content>
    private let title: String
    private let way: (text: String, go: @MainActor () -> Void)?
    private let again: @MainActor () -> Void
    private let filled: (Content) -> Filled
    @Environment(\.labels) private var labels

    /// `title` heads the screen while there is no content; `way` is what can be done where there is nothing yet; `again` is what
    /// "try again" does.
    init(
        _ state: UiState<Content>, title: String, way: (text: String, go: @MainActor () -> Void)? = nil,
        again: @escaping @MainActor () -> Void = {}, @ViewBuilder filled: @escaping (Content) -> Filled
    ) {
        self.state = state
        self.title = title
        self.way = way
        self.again = again
        self.filled = filled
    }

    var body: some View {
        switch state {
        case .loading: Page(title) { Busy(labels[.loading]) }
        case .locked: Color.paper  // the app asks for the passphrase instead
        case .empty(let sentence):
            Page(title) {
                Quiet(sentence)
            } main: {
                if let way { MainButton(way.text, action: way.go) }
            }
        case .failed(let sentence, let canRetry):
            Page(title) {
                Quiet(sentence, pictogram: .alert)
            } main: {
                if canRetry { MainButton(labels[.tryAgain], action: again) }
            }
        case .content(let content): filled(content)
        }
    }
}

/// A sentence where a list would be.
struct Quiet: View {
    let sentence: String
    let pictogram: Pictogram

    init(_ sentence: String, pictogram: Pictogram = .heart) {
        self.sentence = sentence
        self.pictogram = pictogram
    }

    var body: some View {
        HStack(alignment: .top, spacing: Space.middle) {
            PictogramView(pictogram).foregroundStyle(Color.deepTeal)
            Text(sentence)
        }
        .padding(.vertical, Space.small)
        .accessibilityElement(children: .combine)
    }
}

/// Something takes a moment.
struct Busy: View {
    let sentence: String

    init(_ sentence: String) { self.sentence = sentence }

    var body: some View {
        HStack(spacing: Space.middle) {
            ProgressView().tint(.deepTeal)
            Text(sentence)
        }
        .padding(.vertical, Space.small)
        .accessibilityElement(children: .combine)
        .accessibilityAddTraits(.updatesFrequently)
    }
}

/// A sentence beside what is shown, until it has been read. A screen reader says it as it comes.
struct NoticeBanner: View {
    let sentence: String
    let dismiss: @MainActor () -> Void
    @Environment(\.labels) private var labels

    init(_ sentence: String, dismiss: @escaping @MainActor () -> Void) {
        self.sentence = sentence
        self.dismiss = dismiss
    }

    var body: some View {
        HStack(alignment: .top, spacing: Space.small) {
            Text(sentence).padding(.vertical, Space.middle)
            Spacer(minLength: 0)
            PictogramButton(.close, labels[.close], action: dismiss)
        }
        .padding(.leading, Space.middle)
        .background(Color.paleTeal, in: .softened)
        .onChange(of: sentence, initial: true) { _, said in announce(said) }
    }
}
